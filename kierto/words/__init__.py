"""What people read: languages, translated source strings, names in three languages, dates as people say them."""

from kierto.words.dates import day, day_long, hours, moment, month, weekday, when
from kierto.words.folding import folded
from kierto.words.language import (
    LANGUAGES,
    N_,
    Language,
    current,
    gettext,
    lazy_gettext,
    matched,
    ngettext,
    plural,
    speaking,
)
from kierto.words.localised import Localised, Text
from kierto.words.spoken import SPOKEN, spoken
from kierto.words.sums import euros

__all__ = [
    "LANGUAGES",
    "N_",
    "SPOKEN",
    "Language",
    "Localised",
    "Text",
    "current",
    "day",
    "day_long",
    "euros",
    "folded",
    "gettext",
    "hours",
    "lazy_gettext",
    "matched",
    "moment",
    "month",
    "ngettext",
    "plural",
    "speaking",
    "spoken",
    "weekday",
    "when",
]

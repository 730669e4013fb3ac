"""A row of an old register of experts, read: its columns, and what its cells mean. Cells of persons are never shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from babel import Locale

from kierto.errors import Refused
from kierto.people.addresses import plain_email, plain_phone
from kierto.units import municipalities
from kierto.units.cells import DAY, YES_OR_NO, date_of, near, yes_or_no
from kierto.units.importing import UNKNOWN_MUNICIPALITY, unknown
from kierto.units.table import MOST_ROWS, Column, Problem, Row, shape_problems
from kierto.words import LANGUAGES, N_, folded, gettext, speaking
from kierto.words.spoken import SPOKEN

UNKNOWN_LANGUAGE = N_("Kierto does not know one of these languages. Write for example: suomi, ruotsi.")
NOT_YET = N_("This day is still to come. Check the year.")

COLUMNS = (
    Column("name", ("nimi", "namn", "koko nimi", "asiantuntija", "full name"), True, 200, ("first_name", "last_name")),
    Column("first_name", ("etunimi", "förnamn", "etunimet", "kutsumanimi", "first name"), longest=100),
    Column("last_name", ("sukunimi", "efternamn", "last name", "surname"), longest=100),
    Column("email", ("sähköposti", "e-post", "sähköpostiosoite", "s posti", "e mail", "mail"), longest=254),
    Column("phone", ("puhelin", "telefon", "puhelinnumero", "puh", "puh.", "matkapuhelin", "gsm", "tel", "mobil")),
    Column("municipality", ("kunta", "kommun", "kotikunta", "asuinkunta", "paikkakunta", "hemkommun", "ort")),
    Column("languages", ("kielet", "språk", "kieli", "language")),
    Column("home_base", ("taustayhteisö", "bakgrundsorganisation", "kotipesä", "yhdistys", "järjestö"), longest=200),
    Column("training", ("koulutus", "utbildning", "koulutukset"), longest=300),
    Column("inducted_on", ("perehdytys", "introduktion", "perehdytetty", "perehdytyspäivä", "induction")),
    Column("undertaking_on", ("salassapito", "sekretessförbindelse", "salassapitositoumus", "undertaking")),
    Column("contract_until", ("sopimus päättyy", "avtal till", "sopimus asti", "sopimus", "avtal", "contract")),
    Column("consent_on", ("suostumus", "samtycke", "suostumus annettu", "samtycke gett", "consent")),
    Column("same_person", ("sama henkilö", "samma person", "same person")),
)
WITHHELD = (
    *("teema", "tema", "theme", "kokemus", "erfarenhet", "experience", "diagnoo", "diagnos", "sairau", "sjukdom"),
    *("illness", "terve", "hälsa", "health", "tarpe", "tarve", "behov", "need", "avustaja", "tukihenk", "stödperson"),
    *("hetu", "henkilötunn", "personbeteckning", "identity", "tilinumero", "iban", "konto", "account"),
)
"""What headers begin or hold that tell of health, or of what Kierto never keeps; nothing under them is read."""

_DAYS = ("inducted_on", "undertaking_on", "contract_until", "consent_on")
_SIGNED = ("viittomakieli", "viitottu suomi", "suomalainen viittomakieli", "teckenspråk", "sign language", "sgn")


@dataclass(frozen=True)
class Told:
    """What a row tells of a person; what its cells leave empty is none."""

    row: int
    name: str
    email: str | None
    phone: str | None
    municipality: str | None
    languages: tuple[str, ...]
    home_base: str | None
    training: str | None
    inducted_on: date | None
    undertaking_on: date | None
    contract_until: date | None
    consent_on: date | None
    same_person: bool | None

    @property
    def values(self) -> dict[str, object]:
        """What is stored of an expert, by its column; what is not told is left as it is."""
        told = {
            "municipality": self.municipality,
            "languages": list(self.languages),
            "home_base": self.home_base,
            "training": self.training,
            "inducted_on": self.inducted_on,
            "undertaking_on": self.undertaking_on,
            "contract_until": self.contract_until,
        }
        return {name: value for name, value in told.items() if value}


def told(row: Row) -> Told:
    """What a row without problems tells."""
    cells = row.cells
    return Told(
        row=row.number,
        name=cells["name"],
        email=email_of(row),
        phone=phone_of(row),
        municipality=municipalities.municipality(cells.get("municipality", "")),
        languages=_languages(cells.get("languages", ""))[0],
        home_base=cells.get("home_base") or None,
        training=cells.get("training") or None,
        same_person=yes_or_no(cells["same_person"]) if cells.get("same_person") else None,
        **{name: date_of(cells.get(name, "")) for name in _DAYS},
    )


def email_of(row: Row) -> str | None:
    """The row's e-mail address as Kierto keeps it, None when there is none that can be."""
    found = _email(row.cells.get("email", ""))
    return found if isinstance(found, str) else None


def phone_of(row: Row) -> str | None:
    """The row's number in E.164, None when there is none that can be."""
    found = _phone(row.cells.get("phone", ""))
    return found if isinstance(found, str) else None


def problems(row: Row, today: date) -> Iterator[Problem]:
    """What is wrong with the row by itself."""
    yield from shape_problems(row, COLUMNS)
    cells = row.cells
    for name, found in (("email", _email(cells.get("email", ""))), ("phone", _phone(cells.get("phone", "")))):
        if isinstance(found, Refused):
            yield Problem(row.number, name, found.message, {})
    place = cells.get("municipality")
    if place and municipalities.municipality(place) is None:
        yield unknown(row, "municipality", UNKNOWN_MUNICIPALITY, municipalities.near(place), shown=False)
    alike = [one for word in _languages(cells.get("languages", ""))[1] for one in near(word, _spoken_names())]
    if _languages(cells.get("languages", ""))[1]:
        yield unknown(row, "languages", UNKNOWN_LANGUAGE, alike, shown=False)
    for name in _DAYS:
        day = date_of(cells.get(name, ""))
        if cells.get(name) and day is None:
            yield Problem(row.number, name, DAY, {})
        elif day and day > today and name != "contract_until":
            yield Problem(row.number, name, NOT_YET, {})
    if cells.get("same_person") and yes_or_no(cells["same_person"]) is None:
        yield Problem(row.number, "same_person", YES_OR_NO, {})


@lru_cache(maxsize=2 * MOST_ROWS)
def _email(text: str) -> str | Refused | None:
    """Kept, since a row is looked at again while the file is stored."""
    try:
        return plain_email(text) if text else None
    except Refused as fault:
        return fault


@lru_cache(maxsize=2 * MOST_ROWS)
def _phone(text: str) -> str | Refused | None:
    try:
        return plain_phone(text) if text else None
    except Refused as fault:
        return fault


@lru_cache(maxsize=1000)
def _languages(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes of the languages in a cell, and the words that name none."""
    for between in (";", "/", "&", "+", ".", " ja ", " och ", " and "):
        text = text.replace(between, ",")
    words = [folded(word) for word in text.split(",") if word.strip()]
    known = _language_codes()
    codes = dict.fromkeys(known[word] for word in words if word in known)
    return tuple(codes), tuple(word for word in words if word not in known)


@cache
def _language_codes() -> dict[str, str]:
    codes = {folded(name): "sgn" for name in _SIGNED}
    for language in LANGUAGES:
        names = Locale(language).languages
        codes |= {folded(names[code]): code for code in SPOKEN if code in names}
        with speaking(language):
            codes |= {folded(gettext(name)): code for code, name in SPOKEN.items()}
    return codes | {code: code for code in SPOKEN}


@cache
def _spoken_names() -> dict[str, str]:
    return {name: name for name in _language_codes() if len(name) > 2}

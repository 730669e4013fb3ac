"""The demo's people, all of them invented; their addresses end in `.example`, which does not exist (RFC 2606)."""

from typing import NamedTuple

from kierto.actor import Role
from kierto.demo.places import COAST, HELSINKI
from kierto.words import Language


class Player(NamedTuple):
    """A person to be. Without `email` they are reached by phone, or in person.

    `silent`: nobody has reached the phone for long, so a coordinator calls before they can sign in with it.
    """

    name: str
    role: Role | None
    organisation: str | None
    unit: str | None = None
    language: Language = "fi"
    email: str | None = None
    phone: str | None = None
    silent: bool = False


def _mailed(
    name: str, role: Role | None, organisation: str | None, unit: str | None = None, language: Language = "fi"
) -> Player:
    """Someone with an e-mail address made of their name."""
    plain = name.lower().translate(str.maketrans("äåö ", "aao."))
    return Player(name, role, organisation, unit, language, f"{plain}@kierto.example")


PEOPLE: dict[str, Player] = {
    "maarit": _mailed("Maarit Salmela", Role.COORDINATOR, HELSINKI),
    "joonas": _mailed("Joonas Rantanen", Role.COORDINATOR, HELSINKI),
    "camilla": _mailed("Camilla Lindroos", Role.COORDINATOR, COAST, language="sv"),
    "paivi": _mailed("Päivi Hakala", Role.HOST_CONTACT, HELSINKI, "koivukallio"),
    "tero": _mailed("Tero Niskanen", Role.HOST_CONTACT, HELSINKI, "meriranta"),
    "hanna": _mailed("Hanna Ojala", Role.HOST_CONTACT, HELSINKI, "lehtokulma"),
    "johan": _mailed("Johan Sundqvist", Role.HOST_CONTACT, HELSINKI, "kivipuro", "sv"),
    "elina": _mailed("Elina Vainio", Role.HOST_CONTACT, HELSINKI, "harjula"),
    "ahmed": _mailed("Ahmed Farah", Role.HOST_CONTACT, HELSINKI, "satamakatu"),
    "riikka": _mailed("Riikka Tuominen", Role.HOST_CONTACT, HELSINKI, "niittymaa"),
    "sanna": _mailed("Sanna Kivelä", Role.HOST_CONTACT, HELSINKI, "pihlajatie"),
    "mika": _mailed("Mika Laaksonen", Role.HOST_CONTACT, HELSINKI, "tuulimaki"),
    "ulrika": _mailed("Ulrika Backman", Role.HOST_CONTACT, COAST, "saaristo", "sv"),
    "jarmo": _mailed("Jarmo Peltola", Role.HOST_CONTACT, COAST, "tammi"),
    "monika": _mailed("Monika Söderlund", Role.HOST_CONTACT, COAST, "kuunari", "sv"),
    "niina": _mailed("Niina Karjalainen", Role.STAFF, HELSINKI, "koivukallio"),
    "oskari": _mailed("Oskari Manninen", Role.STAFF, HELSINKI, "meriranta"),
    "leena": _mailed("Leena Kauppi", Role.STAFF, HELSINKI, "lehtokulma"),
    "fatima": _mailed("Fatima Yusuf", Role.STAFF, HELSINKI, "harjula", "en"),
    "veikko": _mailed("Veikko Lampinen", Role.STAFF, HELSINKI, "niittymaa"),
    "reijo": Player("Reijo Mustonen", Role.EXPERT, HELSINKI, phone="+358480000001"),
    "anneli": _mailed("Anneli Heino", Role.EXPERT, HELSINKI),
    "marko": _mailed("Marko Pesonen", Role.EXPERT, HELSINKI),
    "birgitta": _mailed("Birgitta Ekholm", Role.EXPERT, HELSINKI, language="sv"),
    "omar": _mailed("Omar Nuur", Role.EXPERT, HELSINKI, language="en"),
    "tuula": Player("Tuula Rautio", Role.EXPERT, HELSINKI),
    "pasi": _mailed("Pasi Kokko", Role.EXPERT, HELSINKI),
    "kaisa": _mailed("Kaisa Virolainen", Role.EXPERT, HELSINKI),
    "esko": Player("Esko Toivonen", Role.EXPERT, HELSINKI, phone="+358480000002", silent=True),
    "jenna": _mailed("Jenna Aaltonen", Role.EXPERT, HELSINKI),
    "gunilla": _mailed("Gunilla Nyström", Role.EXPERT, COAST, language="sv"),
    "kari": _mailed("Kari Mäntylä", Role.EXPERT, COAST),
    "pirjo": _mailed("Pirjo Honkanen", Role.DECISION_MAKER, HELSINKI),
    "timo": _mailed("Timo Kettunen", None, None),
    "annukka": _mailed("Annukka Salo", Role.HOST_CONTACT, HELSINKI, "koivukallio"),
    "petri": _mailed("Petri Kangas", Role.STAFF, HELSINKI, "koivukallio"),
}

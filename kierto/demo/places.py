"""The demo's organisations and units. The organisations are real ones' names, everything in them is invented."""

from typing import NamedTuple

from kierto.units.actions import Reach
from kierto.units.models import ExpertWord
from kierto.words import Localised


class Place(NamedTuple):
    """A unit to be; `service` is the vocabulary's code."""

    name: Localised
    service: str
    street_address: str
    municipality: str


HELSINKI = "helsinki"
COAST = "coast"

ORGANISATIONS = {
    HELSINKI: Localised("Helsingin kaupunki", "Helsingfors stad", "City of Helsinki"),
    COAST: Localised(
        "Länsi-Uudenmaan hyvinvointialue", "Västra Nylands välfärdsområde", "Western Uusimaa wellbeing services county"
    ),
}

REACH = {
    HELSINKI: Reach(ExpertWord.KOKEMUSASIANTUNTIJA, [], "+358480000011", "kokemus@kierto.example"),
    COAST: Reach(ExpertWord.KOKEMUSTOIMIJA, [], "+358480000012", "erfarenhet@kierto.example"),
}

# No name is one of the public sample's, which a coordinator imports beside them.
UNITS: dict[str, dict[str, Place]] = {
    HELSINKI: {
        "koivukallio": Place(
            Localised("Koivukallion terveysasema", "Björkbergets hälsostation", "Koivukallio health centre"),
            "health-centre",
            "Koivukalliontie 5",
            "Helsinki",
        ),
        "meriranta": Place(
            Localised("Merirannan kuntoutuskeskus", "Havsstrandens rehabiliteringscenter"),
            "rehabilitation",
            "Rantapolku 12",
            "Helsinki",
        ),
        "lehtokulma": Place(
            Localised("Lehtokulman mielenterveyspoliklinikka", "Lundhörnets psykiatriska poliklinik"),
            "mental-health",
            "Lehtokuja 2",
            "Helsinki",
        ),
        "kivipuro": Place(
            Localised("Kivipuron sairaalan osasto 3", "Stenbäckens sjukhus avdelning 3"),
            "ward",
            "Kivipurontie 18",
            "Helsinki",
        ),
        "harjula": Place(
            Localised("Harjulan perhekeskus", "Åsbackens familjecenter", "Harjula family centre"),
            "child-and-family",
            "Harjulankatu 9",
            "Helsinki",
        ),
        "satamakatu": Place(
            Localised("Satamakadun sosiaaliasema", "Hamngatans socialstation"),
            "social-services",
            "Satamakatu 21",
            "Helsinki",
        ),
        "niittymaa": Place(
            Localised("Niittymaan asumispalvelut", "Ängslandets boendeservice"),
            "housing-services",
            "Niittymaankuja 7",
            "Helsinki",
        ),
        "pihlajatie": Place(
            Localised("Pihlajatien kotihoito", "Rönnvägens hemvård"),
            "home-care",
            "Pihlajatie 4",
            "Helsinki",
        ),
        "tuulimaki": Place(
            Localised("Tuulimäen hammashoitola", "Blåsbackens tandklinik"),
            "oral-health",
            "Tuulimäentie 1",
            "Helsinki",
        ),
    },
    COAST: {
        "saaristo": Place(
            Localised("Saaristotien terveysasema", "Skärgårdsvägens hälsostation"),
            "health-centre",
            "Saaristotie 3",
            "Raasepori",
        ),
        "tammi": Place(
            Localised("Tammikujan päihdepoliklinikka", "Ekgrändens missbrukarpoliklinik"),
            "substance-use",
            "Tammikuja 8",
            "Lohja",
        ),
        "kuunari": Place(
            Localised("Kuunarin kotihoito", "Skonarens hemvård"),
            "home-care",
            "Kuunaritie 15",
            "Inkoo",
        ),
    },
}


class Retired(NamedTuple):
    """A unit that has become a part of another one, before everything that the story tells."""

    place: Place
    successor: str
    reason: str


RETIRED: dict[str, tuple[Retired, ...]] = {
    HELSINKI: (
        Retired(
            Place(
                Localised("Kanavarannan terveysasema", "Kanalstrandens hälsostation"),
                "health-centre",
                "Kanavaranta 11",
                "Helsinki",
            ),
            "koivukallio",
            "Kanavarannan terveysasema muutti Koivukalliolle.",
        ),
    ),
    COAST: (),
}

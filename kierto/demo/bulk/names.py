"""Invented names in bulk: people, units, practices. Common names put together by chance."""

from random import Random

FIRST = (
    *("Aino", "Anneli", "Antti", "Arja", "Birgitta", "Eero", "Eeva", "Elina", "Erkki", "Esa", "Fatima", "Hanna"),
    *("Heikki", "Helena", "Henrik", "Ilkka", "Irma", "Jaana", "Jari", "Johanna", "Jouni", "Juha", "Jukka", "Kaarina"),
    *("Kaisa", "Kalevi", "Kari", "Katja", "Kirsi", "Laura", "Lauri", "Leena", "Liisa", "Maija", "Marja", "Marko"),
    *("Markku", "Matti", "Mika", "Minna", "Mohamed", "Niina", "Olavi", "Omar", "Outi", "Pasi", "Pekka", "Pentti"),
    *("Pertti", "Petri", "Pirkko", "Päivi", "Raija", "Reijo", "Riitta", "Risto", "Ritva", "Sami", "Sanna", "Sari"),
    *("Satu", "Seppo", "Sinikka", "Sofia", "Susanna", "Tapani", "Tarja", "Teemu", "Tero", "Tiina", "Timo", "Tuula"),
    *("Ulla", "Veikko", "Ville", "Yrjö"),
)
LAST = (
    *("Aalto", "Ahonen", "Backman", "Eklund", "Eskelinen", "Hakala", "Halonen", "Heikkilä", "Heino", "Hiltunen"),
    *("Hämäläinen", "Hyvönen", "Jokinen", "Järvinen", "Kallio", "Karjalainen", "Kettunen", "Kinnunen", "Koivisto"),
    *("Korhonen", "Koskinen", "Laaksonen", "Laine", "Laitinen", "Lehtinen", "Lehtonen", "Leppänen", "Lindholm"),
    *("Lindqvist", "Mattila", "Miettinen", "Mustonen", "Mäkelä", "Mäkinen", "Nieminen", "Niskanen", "Nurmi"),
    *("Nyström", "Ojala", "Partanen", "Pesonen", "Pitkänen", "Rantanen", "Rautio", "Räsänen", "Saarinen", "Salmi"),
    *("Salonen", "Savolainen", "Seppälä", "Sjöberg", "Söderlund", "Toivonen", "Tuominen", "Turunen", "Vainio"),
    *("Virtanen", "Väisänen", "Ylönen"),
)
PLACES = (
    *("Alho", "Haapala", "Hiekka", "Jokela", "Kaarna", "Kallio", "Kanerva", "Kivi", "Koivu", "Koski", "Kuusi"),
    *("Lehto", "Lepola", "Mänty", "Niemi", "Niitty", "Nummi", "Paju", "Pelto", "Pihlaja", "Ranta", "Saari", "Salmi"),
    *("Suvi", "Tammi", "Tuomi", "Vaahtera", "Vuori"),
)
ENDS = ("harju", "kulma", "lahti", "mäki", "puisto", "ranta", "rinne", "salo", "suo", "tie")
SERVICES = {
    "health-centre": "terveysasema",
    "ward": "osasto",
    "outpatient-clinic": "poliklinikka",
    "mental-health": "mielenterveyspoliklinikka",
    "substance-use": "päihdepoliklinikka",
    "rehabilitation": "kuntoutuskeskus",
    "social-services": "sosiaaliasema",
    "housing-services": "asumisyksikkö",
    "home-care": "kotihoito",
    "child-and-family": "perhekeskus",
    "oral-health": "hammashoitola",
}
MUNICIPALITIES = ("Keskijoki", "Koivurannikko", "Lakeuskylä", "Pohjanharju", "Rantasaari", "Tuulijärvi")

_DOINGS = (
    "Soitamme jokaiselle päivää ennen käyntiä",
    "Annamme sovituista asioista paperin mukaan",
    "Kysymme lopuksi, jäikö jotain sanomatta",
    "Saattaja saa tulla mukaan vastaanotolle",
    "Odotustilassa on aina joku, jolta voi kysyä",
    "Varaamme ensimmäiseen käyntiin tunnin",
    "Sama työntekijä soittaa myös seuraavan kerran",
    "Kerromme kirjeessä, miltä ovi näyttää",
    "Vertainen on paikalla kerran viikossa",
    "Kokoamme palautteen seinälle kuukausittain",
)
_WHEN = ("arkisin", "maanantaisin", "joka käynnillä", "uusille asiakkaille", "kuukauden ajan", "toistaiseksi")
HOW_NOTICED = (
    "Kysymme kymmeneltä ihmiseltä kuukauden päästä, mikä muuttui.",
    "Laskemme käynnit, joilta jäädään pois, ja vertaamme viime vuoteen.",
    "Kirjaamme viikon ajan, montako kertaa samaa asiaa kysytään.",
)
CHANGES = (
    "Teemme tämän puhelimessa, koska käymme ihmisten kotona.",
    "Aloitamme yhdestä tiimistä ja laajennamme keväällä.",
    "Vuorossa oleva vastaava hoitaa tämän, ei koko tiimi.",
)
REASONS = (
    "Kokeilimme kuukauden. Meillä ihmiset tulevat ilman ajanvarausta, joten tapa ei sopinut.",
    "Teemme näin jo toisella tavalla.",
    "Tilamme ovat muutossa kevääseen asti. Katsomme asiaa silloin uudelleen.",
)
CANCELLED_BECAUSE = ("Yksikössä on henkilöstövajaus.", "Tila ei ollut käytettävissä.")
TOO_FEW = "Tarpeeksi moni ei päässyt tulemaan."


def person(random: Random) -> str:
    """A first name and a last name."""
    return f"{random.choice(FIRST)} {random.choice(LAST)}"


def place(number: int) -> str:
    """A place's name; different for the first few hundred numbers, then again with a number behind."""
    stem, end = divmod(number, len(ENDS))
    turn, stem = divmod(stem, len(PLACES))
    return f"{PLACES[stem]}{ENDS[end]}" + (f" {turn + 1}" if turn else "")


def doing(random: Random) -> tuple[str, str]:
    """What a practice is called, and what it says."""
    what = random.choice(_DOINGS)
    return f"{what} {random.choice(_WHEN)}", f"{what}. Jokainen työntekijä tekee näin tästä päivästä alkaen."

"""What the demo's meetings agreed, and what the units answered: invented, in plain language."""

from typing import NamedTuple

from kierto.practices.actions import Wording
from kierto.practices.rules import Answer


class Agreed(NamedTuple):
    """A practice to be; the first text is the one it was written in. `answers`: by unit, how many days later, words."""

    texts: tuple[Wording, ...]
    experts: int
    workers: int
    answers: dict[str, tuple[int, Answer, str]]


NAME_FIRST = Agreed(
    (
        Wording(
            "fi",
            "Kerromme ensin oman nimemme",
            "Jokainen työntekijä kertoo nimensä ja tehtävänsä, ennen kuin kysyy mitään. Jos huoneeseen tulee toinen "
            "työntekijä, hänkin kertoo nimensä ja miksi hän tulee.",
            "Kysymme kahden viikon ajan lähtiessä: tiesitkö, kenen kanssa puhuit? Laskemme vastaukset.",
        ),
        Wording(
            "sv",
            "Vi säger först vårt eget namn",
            "Varje medarbetare säger sitt namn och sin uppgift innan hen frågar något. Om någon annan kommer in i "
            "rummet säger också hen sitt namn och varför hen kommer.",
            "Under två veckor frågar vi när besöket är slut: visste du vem du talade med? Vi räknar svaren.",
        ),
        Wording(
            "en",
            "We say our own name first",
            "Every worker says their name and what they do before asking anything. If another worker comes in, they "
            "too say their name and why they come.",
            "For two weeks we ask at the door: did you know whom you talked with? We count the answers.",
        ),
    ),
    2,
    3,
    {
        "meriranta": (5, Answer.TRY, ""),
        "lehtokulma": (
            8,
            Answer.ADAPT,
            "Kerromme nimen jo puhelimessa, kun sovimme ensimmäisestä käynnistä. Silloin ovella on jo tuttu nimi.",
        ),
        "kivipuro": (9, Answer.TRY, ""),
        "harjula": (12, Answer.TRY, ""),
        "satamakatu": (15, Answer.ADAPT, "Nimi ja tehtävä lukevat myös pöydällä kyltissä, isoin kirjaimin."),
        "tuulimaki": (
            20,
            Answer.DECLINE,
            "Teemme näin jo: nimi sanotaan, kun potilas haetaan odotustilasta. Emme tarvitse tätä uutena tapana.",
        ),
    },
)
CALL_BACK = Agreed(
    (
        Wording(
            "fi",
            "Soitamme takaisin luvattuna aikana",
            "Kun lupaamme soittaa, sovimme tunnin, jolloin soitamme. Jos emme ehdi, joku toinen soittaa ja kertoo "
            "uuden ajan. Kukaan ei odota puhelinta koko päivää.",
            "Kirjaamme jokaisen luvatun soiton. Kuukauden päästä katsomme, moniko soitto tuli ajallaan.",
        ),
        Wording(
            "en",
            "We call back when we promised to",
            "When we promise to call, we agree on the hour. If we cannot, somebody else calls and gives a new time. "
            "Nobody waits by the phone all day.",
            "We write down every promised call. After a month we look how many came in time.",
        ),
    ),
    2,
    2,
    {
        "koivukallio": (6, Answer.TRY, ""),
        "lehtokulma": (
            7,
            Answer.DECLINE,
            "Kokeilimme kaksi viikkoa. Meillä soitot venyvät, koska kriisipuhelu menee aina edelle. Lupaus petti "
            "liian usein, ja se oli pahempi kuin ei lupausta.",
        ),
        "kivipuro": (
            10,
            Answer.ADAPT,
            "Osastolta soitetaan omaiselle aina kello 14 ja 16 välillä. Tunti on sama joka päivä.",
        ),
        "harjula": (13, Answer.TRY, ""),
    },
)
FAMILIAR_FACE = Agreed(
    (
        Wording(
            "fi",
            "Ensimmäisellä käynnillä joku on vastassa",
            "Kun ihminen tulee ensimmäisen kerran, kokemusasiantuntija tai työntekijä odottaa häntä aulassa. Hän "
            "kysyy, mitä ihminen haluaa tietää, ja kulkee mukana huoneeseen asti.",
            "Laskemme, moniko jättää ensimmäisen käynnin väliin. Vertaamme lukua viime syksyyn.",
        ),
    ),
    3,
    2,
    {
        "meriranta": (4, Answer.TRY, ""),
        "kivipuro": (
            8,
            Answer.DECLINE,
            "Osastolle tullaan usein yöllä ja ambulanssilla. Silloin aulassa ei voi olla ketään odottamassa.",
        ),
    },
)
HOMEWARD = Agreed(
    (
        Wording(
            "sv",
            "Hem med fem rader på papper",
            "Alla som åker hem från avdelningen får ett papper med högst fem rader: vad vi kom överens om, vad jag gör "
            "själv, vilka läkemedel som ändrades, när nästa besök är och vem jag ringer.",
            "En vecka senare ringer vi fem personer och frågar om pappret räckte till.",
        ),
        Wording(
            "fi",
            "Kotiin viisi riviä paperilla",
            "Jokainen osastolta lähtevä saa paperin, jossa on enintään viisi riviä: mitä sovittiin, mitä teen itse, "
            "mitkä lääkkeet muuttuivat, milloin on seuraava käynti ja kenelle soitan.",
            "Viikon päästä soitamme viidelle ihmiselle ja kysymme, riittikö paperi.",
        ),
    ),
    2,
    2,
    {
        "meriranta": (
            6,
            Answer.ADAPT,
            "Meillä rivit kirjoittaa kuntoutuja itse viimeisellä kerralla, ja me tarkistamme ne.",
        ),
    },
)
WAITING_TIME = Agreed(
    (
        Wording(
            "fi",
            "Aulassa lukee, kuinka kauan nyt odotetaan",
            "Vastaanoton työntekijä kirjoittaa taululle tunnin välein, kuinka pitkä odotus nyt on. Jos odotus on yli "
            "tunnin, taululla lukee myös, saako välillä lähteä ja miten pääsee takaisin jonoon.",
            "Kysymme viikon ajan, tiesitkö kuinka kauan odotat. Laskemme myös, montako kertaa tiskillä kysytään.",
        ),
        Wording(
            "sv",
            "I aulan står det hur länge man väntar nu",
            "Den som arbetar i receptionen skriver varje timme på tavlan hur lång väntan är. Är den över en timme står "
            "det också om man får gå ut emellan och hur man kommer tillbaka i kön.",
            "Under en vecka frågar vi om du visste hur länge du skulle vänta. Vi räknar också frågorna vid disken.",
        ),
    ),
    2,
    3,
    {
        "lehtokulma": (
            9,
            Answer.ADAPT,
            "Meillä ei ole jonoa aulassa. Lähetämme sen sijaan tekstiviestin, jos aika siirtyy yli 15 minuuttia.",
        ),
        "satamakatu": (12, Answer.TRY, ""),
        "tuulimaki": (16, Answer.TRY, ""),
    },
)
ONE_NUMBER = Agreed(
    (
        Wording(
            "fi",
            "Yksi numero, johon vastataan",
            "Ajanvarauksen lapussa on yksi puhelinnumero, johon ihminen vastaa arkisin kello 9–15. Numerosta saa myös "
            "varata ajan niille, jotka eivät käytä verkkoa.",
            "Soitamme numeroon itse kerran viikossa eri aikaan ja kirjaamme, kuinka nopeasti vastattiin.",
        ),
    ),
    2,
    2,
    {
        "koivukallio": (7, Answer.TRY, ""),
        "lehtokulma": (11, Answer.TRY, ""),
        "tuulimaki": (
            14,
            Answer.DECLINE,
            "Hammashoidon ajanvaraus on koko kaupungilla yhteinen. Emme voi vaihtaa numeroa itse.",
        ),
    },
)
OWN_LANGUAGE = Agreed(
    (
        Wording(
            "sv",
            "Vi frågar vilket språk du helst talar",
            "Vi frågar språket redan när vi bokar tiden och antecknar svaret. Den som helst talar svenska får en "
            "medarbetare som kan svenska, eller en tolk.",
            "Efter två månader räknar vi hur många som fick tala sitt språk på besöket.",
        ),
        Wording(
            "fi",
            "Kysymme, mitä kieltä puhut mieluiten",
            "Kysymme kielen jo, kun varaamme ajan, ja kirjaamme vastauksen. Joka puhuu mieluiten ruotsia, saa "
            "työntekijän, joka osaa ruotsia, tai tulkin.",
            "Kahden kuukauden päästä laskemme, moniko sai käynnillä puhua omaa kieltään.",
        ),
    ),
    2,
    2,
    {"tammi": (6, Answer.TRY, "")},
)

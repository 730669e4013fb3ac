"""How one gets into the demo's units, and when they host: invented like the units themselves."""

from typing import NamedTuple

from kierto.units.actions import Visit
from kierto.words import Localised


class Hosting(NamedTuple):
    """What a unit tells its visitors, and its week: weekday → hours as people write them."""

    visit: Visit
    week: dict[int, str]


def _visit(arrival: Localised, yes: str, no: str, access: Localised, languages: tuple[str, ...]) -> Visit:
    """`yes` and `no` name what there is and what there is not; of the rest nobody has said anything."""
    said = {**dict.fromkeys(yes.split(), True), **dict.fromkeys(no.split(), False)}
    return Visit(
        arrival=arrival,
        languages=list(languages),
        step_free=said.get("step_free"),
        lift=said.get("lift"),
        accessible_wc=said.get("accessible_wc"),
        induction_loop=said.get("induction_loop"),
        parking=said.get("parking"),
        quiet_room=said.get("quiet_room"),
        access=access,
    )


_NOTHING = Localised("")
_WHOLE_DAYS = dict.fromkeys(range(1, 6), "9–16")
_AFTERNOONS = dict.fromkeys(range(1, 6), "12–16")
_WITH_LUNCH = dict.fromkeys(range(1, 6), "9–11, 12–15.30")

HOSTING: dict[str, Hosting] = {
    "koivukallio": Hosting(
        _visit(
            Localised(
                "Tule pääovesta. Kokoushuone on toisessa kerroksessa, hissin vieressä. Aulassa joku on vastassa.",
                "Kom in genom huvudingången. Mötesrummet är på andra våningen, bredvid hissen. Någon möter i aulan.",
                "Use the main entrance. The meeting room is on the second floor. Someone meets you in the hall.",
            ),
            "step_free lift accessible_wc induction_loop parking quiet_room",
            "",
            _NOTHING,
            ("fi", "sv", "en"),
        ),
        _WHOLE_DAYS,
    ),
    "meriranta": Hosting(
        _visit(
            Localised("Ovi on rannan puolella. Soita kelloa, jossa lukee Vastaanotto.", "Dörren är på strandsidan."),
            "step_free accessible_wc parking",
            "lift induction_loop",
            Localised("Kaikki tilat ovat yhdessä kerroksessa.", "Alla rum är på ett plan."),
            ("fi", "sv"),
        ),
        _WITH_LUNCH,
    ),
    "lehtokulma": Hosting(
        _visit(
            Localised("Tule sisäpihan kautta, ovi B. Ovi on auki. Kysy Hannaa."),
            "lift accessible_wc quiet_room",
            "step_free",
            Localised("Ovella on kaksi porrasta. Liuska on talon takana: soita, niin tulemme avaamaan."),
            ("fi", "ru", "so"),
        ),
        _WITH_LUNCH,
    ),
    "kivipuro": Hosting(
        _visit(
            Localised(
                "Osasto 3 on sairaalan A-talossa, kolmannessa kerroksessa. Ilmoittaudu kansliassa.",
                "Avdelning 3 är i sjukhusets hus A, på tredje våningen. Anmäl dig vid kansliet.",
            ),
            "step_free lift accessible_wc parking",
            "quiet_room",
            _NOTHING,
            ("fi", "sv"),
        ),
        _AFTERNOONS,
    ),
    "harjula": Hosting(
        _visit(
            Localised("Tule leikkipuiston puoleisesta ovesta. Ulkokengät jätetään eteiseen."),
            "step_free accessible_wc quiet_room",
            "lift parking",
            _NOTHING,
            ("fi", "en", "ar", "so"),
        ),
        _WHOLE_DAYS,
    ),
    "satamakatu": Hosting(
        _visit(
            Localised("Ovi on Satamakadulla. Paina summeria ja sano tulevasi kokoukseen."),
            "lift induction_loop",
            "",
            _NOTHING,
            ("fi", "sv", "et", "ru"),
        ),
        _AFTERNOONS,
    ),
    "niittymaa": Hosting(
        _visit(
            Localised("Kokous on kerhohuoneessa, pihan perällä. Valot ovat päällä."),
            "step_free",
            "lift accessible_wc",
            Localised("Esteetön wc on naapuritalossa, matkaa on 50 metriä."),
            ("fi",),
        ),
        _AFTERNOONS,
    ),
    "pihlajatie": Hosting(
        _visit(Localised("Toimisto on ensimmäisessä kerroksessa, ovi oikealla."), "step_free", "", _NOTHING, ("fi",)),
        {2: "9–11.30", 4: "12–15.30"},
    ),
    "tuulimaki": Hosting(
        _visit(Localised("Ilmoittaudu hammashoitolan luukulla."), "step_free lift parking", "", _NOTHING, ("fi", "sv")),
        _WITH_LUNCH,
    ),
    "saaristo": Hosting(
        _visit(
            Localised("Tule pääovesta ja kysy Ulrikaa.", "Kom in genom huvudingången och fråga efter Ulrika."),
            "step_free accessible_wc parking",
            "",
            _NOTHING,
            ("sv", "fi"),
        ),
        _WHOLE_DAYS,
    ),
    "tammi": Hosting(
        _visit(
            Localised("Ovessa ei lue mitään. Soita kelloa 2.", "Det står ingenting på dörren. Ring på klocka 2."),
            "quiet_room",
            "step_free lift",
            Localised(
                "Portaita on kuusi, ja kaide on oikealla.", "Det finns sex trappsteg och en ledstång till höger."
            ),
            ("fi", "sv"),
        ),
        _WHOLE_DAYS,
    ),
    "kuunari": Hosting(
        _visit(
            Localised("Kotihoidon toimisto on kirjaston talossa.", "Hemvårdens kontor är i bibliotekets hus."),
            "step_free accessible_wc",
            "",
            _NOTHING,
            ("sv", "fi"),
        ),
        _AFTERNOONS,
    ),
}

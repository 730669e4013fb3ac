"""What organisations pay experts: rates by year, shown before anyone says yes (fee-before-yes)."""

from datetime import UTC, datetime
from functools import partial

import pytest
from flask import Flask

from kierto import clock
from kierto.database import reading, session, writing
from kierto.events.queries import history
from kierto.units.fees import Rates, rate_of, rates_of, set_rates, years_to_set
from kierto.units.models import FeeRate
from tests.cast import NOW, Cast
from tests.refusals import refused
from tests.together import at_once

TYPED = {
    "fee_cents": "62,50",
    "travel_paid": "y",
    "cancellation_cents": "30 €",
    "late_hours": "48",
    "paid_by": "Helsingin kaupunki, palkanlaskenta",
}
RATES = Rates(6250, 3000, 48, True, "Helsingin kaupunki, palkanlaskenta")


def test_a_coordinator_decides_the_fees_of_a_year(cast: Cast) -> None:
    page = cast.client("coordinator").get("/organisation/fees")
    assert "No fees have been decided yet" in page.text
    page = cast.client("coordinator").get(f"/organisation/fees/{NOW.year}")
    after = page.form(f"/organisation/fees/{NOW.year}").submit(expect=303, **TYPED).follow()
    assert "62.50" not in after.text
    assert "62,50" in after.text.replace("\N{NO-BREAK SPACE}", " ")
    with reading():
        kept = rate_of(cast.organisation.id, NOW.year)
        assert kept is not None
        assert {name: getattr(kept, name) for name in vars(RATES)} == vars(RATES)
        assert [event.kind for event in history(cast.organisation.load())][:1] == ["fee_rate.set"]


def test_mistakes_say_how_to_mend_them_and_keep_what_was_typed(cast: Cast) -> None:
    page = cast.client("coordinator").get(f"/organisation/fees/{NOW.year}")
    for wrong in ("paljon", "-5", "12,345", "10001"):
        again = page.form(f"/organisation/fees/{NOW.year}").submit(expect=422, **(TYPED | {"fee_cents": wrong}))
        assert set(again.field_errors) == {"fee_cents"}
        values = again.form(f"/organisation/fees/{NOW.year}").values
        assert (values["fee_cents"], values["paid_by"]) == ([wrong], [TYPED["paid_by"]])


def test_only_this_year_and_the_next_are_decided(cast: Cast) -> None:
    client = cast.client("coordinator")
    client.get(f"/organisation/fees/{NOW.year + 1}")
    client.get(f"/organisation/fees/{NOW.year - 1}", expect=404)
    client.get("/organisation/fees/x", expect=404)


def test_rates_go_on_until_new_ones_are_decided(cast: Cast) -> None:
    coordinator = cast.actor("coordinator")
    with writing():
        set_rates(coordinator, cast.organisation.load(), 2026, RATES)
        set_rates(coordinator, cast.organisation.load(), 2028, Rates(7000, 0, 24, False, "Alue"))
    with reading():
        found = [rate_of(cast.organisation.id, year) for year in (2025, 2026, 2027, 2028, 2030)]
        assert [rate and rate.fee_cents for rate in found] == [None, 6250, 6250, 7000, 7000]
        assert rate_of(cast.other_organisation.id, 2027) is None


def test_saying_the_same_again_changes_nothing(cast: Cast) -> None:
    for _again in range(2):
        with writing():
            set_rates(cast.actor("coordinator"), cast.organisation.load(), 2027, RATES)
    with reading():
        kinds = [event.kind for event in history(cast.organisation.load())]
        assert kinds.count("fee_rate.set") == 1


def test_two_who_decide_at_one_moment_make_one_rate(app: Flask, cast: Cast) -> None:
    """The second one changes what the first has decided."""

    def decide(sum_: int) -> FeeRate:
        return set_rates(cast.actor("coordinator"), cast.organisation.load(), 2027, Rates(sum_, 0, 24, True, "Alue"))

    outcomes = at_once(app, [partial(decide, sum_) for sum_ in (5000, 6000)])
    assert all(isinstance(one, FeeRate) for one in outcomes)
    with reading():
        assert [rate.fee_cents in (5000, 6000) for rate in rates_of(cast.organisation.load())] == [True]


def test_a_year_has_its_rates_once(cast: Cast) -> None:
    with refused("fee-rate-once"):
        session.add_all(FeeRate(organisation_id=cast.organisation.id, year=2027, **vars(RATES)) for _twice in range(2))
        session.flush()


def test_the_years_are_those_of_helsinki() -> None:
    with clock.at(datetime(2027, 12, 31, 22, 30, tzinfo=UTC)):
        assert years_to_set() == (2028, 2029)


@pytest.mark.parametrize("who", ["host", "expert", "decision_maker", "administrator"])
def test_others_decide_nothing(cast: Cast, who: str) -> None:
    cast.client(who).get("/organisation/fees", expect=404)

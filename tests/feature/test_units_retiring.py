"""A unit that ends or becomes a part of another: what goes on, what ends, who loses what; and taking it back."""

from datetime import date, time, timedelta

import pytest

from kierto import clock
from kierto.actor import SYSTEM, Actor, Role
from kierto.database import reading, session, writing
from kierto.errors import Refused
from kierto.events.models import Event
from kierto.people.actions import give_role
from kierto.people.models import Member
from kierto.people.queries import actor_for
from kierto.practices.actions import Wording, agree_practice, answer_adoption, draft_practice
from kierto.practices.models import Adoption, AdoptionStage
from kierto.practices.retiring import retire_unit, unretire_unit
from kierto.practices.rules import Answer, Stage
from kierto.rounds.actions import choose_units, create_round
from kierto.rounds.booking import book_stop
from kierto.rounds.models import Round, Stop, StopState
from kierto.units.actions import add_unit
from kierto.units.models import Unit
from kierto.units.queries import units_of
from kierto.words import Localised
from tests.cast import FREE_ON, Cast, Thing, plan
from tests.refusals import refused
from tests.scenes import client_of
from tests.together import at_once

REASON = "Yksikkö on yhdistetty toiseen."


def coordinator(cast: Cast) -> Actor:
    """The coordinator as they are at any time: their sessions have ended by May."""
    return actor_for(cast.people["coordinator"].load())


def retire(cast: Cast, unit: Thing[Unit], successor: Thing[Unit] | None = None) -> None:
    with writing():
        retire_unit(coordinator(cast), unit.load(), successor.load() if successor else None, REASON)
    session.remove()


def adoptions(unit: Thing[Unit]) -> dict[int, tuple[Stage, str | None, str | None]]:
    """Practice → stage, the unit's own change and reason."""
    with reading():
        found = session.query(Adoption).filter_by(unit_id=unit.id)
        return {one.practice_id: (one.stage, one.local_change, one.reason) for one in found}


def stops_of(unit: Thing[Unit]) -> dict[int, StopState]:
    """Round → how the unit's turn in it stands."""
    with reading():
        return {stop.round_id: stop.state for stop in session.query(Stop).filter_by(unit_id=unit.id)}


def new_unit(cast: Cast, name: str = "Uusi asema") -> Thing[Unit]:
    with writing():
        unit = add_unit(
            cast.actor("coordinator"),
            cast.organisation.id,
            Localised(name),
            service_id=1,
            municipality="Helsinki",
            street_address="Katu 1",
        )
    return Thing(unit)


def events(kind: str) -> list[dict[str, object]]:
    with reading():
        return [event.data for event in session.query(Event).filter_by(kind=kind).order_by(Event.id)]


# ---- the page ----


def test_what_happens_is_shown_in_numbers_before_it_does(cast: Cast) -> None:
    page = cast.client("coordinator").get(f"/units/{cast.unit.ref}").click("Retire the unit")
    for words in (
        "1 turn in a round is skipped.",
        "1 practice in use ends here.",
        "2 people lose their rights in the unit. Leena Mäkelä, Päivi Lahtinen",
    ):
        assert words in page.text
    page = cast.client("coordinator").get(f"/units/{cast.unit.ref}/retire?successor={cast.third_unit.ref}")
    assert "goes on in the other unit" not in page.text
    assert "1 practice is known in the other unit already. There nothing changes." in page.text
    assert page.form(button="Retire the unit").values["goes_on"] == [cast.third_unit.ref]
    assert stops_of(cast.unit)[cast.spring.id] is StopState.WAITING, "looking changes nothing"


def test_a_unit_is_retired_with_a_successor_on_its_pages(cast: Cast) -> None:
    successor = new_unit(cast)
    client = cast.client("coordinator")
    page = client.get(f"/units/{cast.unit.ref}/retire?successor={successor.ref}")
    page = page.form(button="Retire the unit").submit(reason=REASON).follow()
    assert page.message == "The unit is no longer in use. Its page and its history stay."
    assert page.links["Uusi asema"] == f"/units/{successor.ref}"
    assert f"/meetings/{cast.held.ref}" in page.links.values(), "its history stays"
    assert "Change the hosting hours" not in page.links
    assert "Kallion terveysasema" in client.get(f"/units/{successor.ref}").links
    assert REASON in client.get(f"/rounds/{cast.spring.ref}").text


def test_a_reason_is_needed(cast: Cast) -> None:
    form = cast.client("coordinator").get(f"/units/{cast.unit.ref}/retire").form(button="Retire the unit")
    assert form.values["reason"] == ["The unit has ended."]
    assert "This is needed." in form.submit(422, reason=" ").field_errors["reason"]


def test_meetings_to_come_are_moved_first(cast: Cast) -> None:
    """Rule unit-meetings-first: they are listed, and nothing is retired until they are moved or cancelled."""
    page = cast.client("coordinator").get(f"/units/{cast.third_unit.ref}/retire")
    assert f"/meetings/{cast.confirmed.ref}" in page.links.values()
    assert not [form for form in page.forms if form.element.closest("main") is not None]
    refusal = cast.client("coordinator").post(f"/units/{cast.third_unit.ref}/retire", 422, {"reason": REASON})
    assert "Move or cancel them first" in refusal.errors[0]
    with refused("unit-meetings-first"):
        retire_unit(cast.actor("coordinator"), cast.other_unit.load(), None, REASON)
    assert stops_of(cast.other_unit)[cast.autumn.id] is StopState.WAITING


def test_the_queries_of_the_page_do_not_grow(cast: Cast) -> None:
    client = cast.client("coordinator")
    address = f"/units/{cast.unit.ref}/retire?successor={cast.third_unit.ref}"
    client.get(address)
    few = client.queries
    for number in range(3):
        new_unit(cast, f"Asema {number}")
        with writing():
            round_ = create_round(
                cast.actor("coordinator"),
                cast.organisation.id,
                plan(f"Kierros {number}", date(2027, 3, 1), date(2027, 6, 11)),
            )
            choose_units(cast.actor("coordinator"), round_, [cast.unit.id, cast.third_unit.id])
    assert "The unit is taken out of 3 rounds that are being prepared." in client.get(address).text
    assert client.queries == few


# ---- turns ----


def test_waiting_turns_are_skipped_with_the_reason(cast: Cast) -> None:
    retire(cast, cast.unit)
    assert stops_of(cast.unit) == {cast.autumn.id: StopState.VISITED, cast.spring.id: StopState.SKIPPED}
    with reading():
        assert cast.stop.load().skipped_because == REASON
    assert events("stop.skipped") == [{"round_id": cast.spring.id, "unit_id": cast.unit.id}]
    with pytest.raises(Refused), writing():
        book_stop(cast.actor("coordinator"), cast.stop.load(), FREE_ON, time(13))


def test_a_round_being_prepared_loses_the_unit(cast: Cast) -> None:
    with writing():
        coming = plan("Tuleva", date(2027, 3, 1), date(2027, 6, 11))
        draft = create_round(cast.actor("coordinator"), cast.organisation.id, coming)
        choose_units(cast.actor("coordinator"), draft, [cast.third_unit.id, cast.unit.id, cast.other_unit.id])
    retire(cast, cast.unit)
    with reading():
        stops = session.query(Stop).filter_by(round_id=draft.id).order_by(Stop.position)
        assert [(stop.unit_id, stop.position) for stop in stops] == [(cast.third_unit.id, 1), (cast.other_unit.id, 2)]


def test_a_retired_unit_is_not_chosen_any_more(cast: Cast) -> None:
    """Rule unit-retired."""
    retire(cast, cast.unit)
    with reading():
        assert cast.unit.id not in [unit.id for unit in units_of(cast.organisation.load())]
    with writing():
        coming = plan("Tuleva", date(2027, 3, 1), date(2027, 6, 11))
        draft = create_round(cast.actor("coordinator"), cast.organisation.id, coming)
    page = cast.client("coordinator").get(f"/rounds/{draft.ref}/units")
    assert "Kallion terveysasema" not in page.text
    with refused("unit-retired"):
        choose_units(cast.actor("coordinator"), session.get_one(Round, draft.id), [cast.unit.id])
    listed = cast.client("coordinator").get("/units/")
    assert "Kallion terveysasema" not in listed.links
    assert "Kallion terveysasema" in cast.client("coordinator").get("/units/?show=retired").links


# ---- practices ----


def test_running_practices_go_on_in_the_successor_once(cast: Cast) -> None:
    successor = new_unit(cast)
    retire(cast, cast.unit, successor)
    assert adoptions(successor) == {cast.practice.id: (Stage.TRYING, None, None)}
    assert adoptions(cast.unit) == {cast.practice.id: (Stage.STOPPED, None, REASON)}
    with reading():
        own = session.query(Adoption).filter_by(unit_id=successor.id).one()
        assert [stage.stage for stage in own.stages] == [Stage.TRYING]
        assert own.owner_id is None, "the owner does not work there"
    told = {"practice_id": cast.practice.id, "unit_id": successor.id, "from_unit_id": cast.unit.id, "stage": "trying"}
    assert events("adoption.inherited") == [told]
    page = cast.client("visitor").get(f"/practices/{cast.practice.ref}")
    assert "Uusi asema" in page.text


def test_an_owner_who_works_in_the_successor_goes_on(cast: Cast) -> None:
    successor = new_unit(cast)
    with writing():
        give_role(SYSTEM, cast.people["host"].load(), cast.organisation.id, Role.STAFF, successor.id)
    retire(cast, cast.unit, successor)
    with reading():
        assert session.query(Adoption).filter_by(unit_id=successor.id).one().owner_id == cast.id("host")


def test_what_the_successor_has_already_is_not_doubled(cast: Cast) -> None:
    """Rule practice-arrives: the third unit has not answered the practice yet, and still answers for itself."""
    retire(cast, cast.unit, cast.third_unit)
    assert adoptions(cast.third_unit) == {cast.practice.id: (Stage.ARRIVED, None, None)}
    assert adoptions(cast.unit)[cast.practice.id][0] is Stage.STOPPED
    assert events("adoption.inherited") == []
    cast.client("worker").get(f"/units/{cast.third_unit.ref}/practices")


def test_open_arrivals_wait_in_the_successor(cast: Cast) -> None:
    """The third unit's meeting is over by May; what had arrived there waits for an answer in the new unit."""
    successor = new_unit(cast)
    with clock.at(clock.instant(date(2027, 5, 3), time(9))):
        retire(cast, cast.third_unit, successor)
        assert adoptions(successor) == {cast.practice.id: (Stage.ARRIVED, None, None)}
        assert adoptions(cast.third_unit) == {}
        page = client_of(cast, cast.id("coordinator")).get(f"/units/{successor.ref}")
        assert "1 practice waits for an answer" in page.text
    assert [event["stage"] for event in events("adoption.ended")] == ["arrived"]


def test_without_a_successor_what_had_arrived_is_withdrawn(cast: Cast) -> None:
    with clock.at(clock.instant(date(2027, 5, 3), time(9))):
        retire(cast, cast.third_unit)
    assert adoptions(cast.third_unit) == {}
    with reading():
        stages = session.query(AdoptionStage).filter_by(adoption_id=cast.other_arrival.id)
        assert stages.count() == 0


def test_answers_and_what_was_changed_go_along(cast: Cast) -> None:
    successor = new_unit(cast)
    with writing():
        answer_adoption(cast.actor("worker"), cast.other_arrival.load(), Answer.ADAPT, "Soitamme myös illalla.")
    with clock.at(clock.instant(date(2027, 5, 3), time(9))):
        retire(cast, cast.third_unit, successor)
    assert adoptions(successor) == {cast.practice.id: (Stage.TRYING, "Soitamme myös illalla.", None)}


def test_what_was_declined_stays_where_it_was(cast: Cast) -> None:
    successor = new_unit(cast)
    with writing():
        answer_adoption(cast.actor("worker"), cast.other_arrival.load(), Answer.DECLINE, "Meillä on jo sellainen.")
    with clock.at(clock.instant(date(2027, 5, 3), time(9))):
        retire(cast, cast.third_unit, successor)
    assert adoptions(successor) == {}
    assert adoptions(cast.third_unit)[cast.practice.id][0] is Stage.DECLINED


def test_two_units_become_parts_of_one(cast: Cast) -> None:
    successor = new_unit(cast)
    with clock.at(clock.instant(date(2027, 5, 3), time(9))):
        retire(cast, cast.unit, successor)
        retire(cast, cast.third_unit, successor)
    assert adoptions(successor) == {cast.practice.id: (Stage.TRYING, None, None)}
    page = cast.client("coordinator").get(f"/units/{successor.ref}")
    assert "It also goes on for: Kallion terveysasema, Tikkurilan kuntoutusosasto" in page.text


def test_what_is_agreed_later_begins_in_the_successor(cast: Cast) -> None:
    """A draft of the unit's last meeting, agreed after the unit had ended: practice-starts-home."""
    successor = new_unit(cast)
    retire(cast, cast.unit, successor)
    with writing():
        agree_practice(cast.actor("coordinator"), cast.draft.load(), experts=1, workers=1)
    assert adoptions(successor)[cast.draft.id][0] is Stage.TRYING
    assert cast.draft.id not in adoptions(cast.unit)


def test_nothing_arrives_at_a_unit_that_has_ended(cast: Cast) -> None:
    with clock.at(clock.instant(date(2027, 5, 3), time(9))):
        retire(cast, cast.third_unit)
        with writing():
            words = Wording("fi", "Uusi tapa", "Teemme näin.", "Kysymme.")
            practice = Thing(draft_practice(coordinator(cast), cast.held.load(), words))
        with writing():
            agree_practice(coordinator(cast), practice.load(), experts=1, workers=1)
    assert practice.id in adoptions(cast.other_unit)
    assert practice.id not in adoptions(cast.third_unit)


# ---- people ----


def test_its_people_lose_their_rights_at_once(cast: Cast) -> None:
    staff = cast.client("staff")
    staff.get(f"/units/{cast.unit.ref}")
    retire(cast, cast.unit)
    with reading():
        assert session.query(Member).filter_by(unit_id=cast.unit.id).count() == 0
    staff.get(f"/units/{cast.unit.ref}", 404)
    cast.client("host").get(f"/units/{cast.unit.ref}/edit", 404)
    assert len(events("membership.ended")) == 2
    assert events("unit.retired") == [{"successor_id": None, "skipped": 1, "inherited": 0, "roles": 2}]


def test_who_works_elsewhere_too_keeps_that(cast: Cast) -> None:
    with writing():
        give_role(SYSTEM, cast.people["staff"].load(), cast.organisation.id, Role.STAFF, cast.third_unit.id)
    retire(cast, cast.unit)
    cast.client("staff").get(f"/units/{cast.third_unit.ref}")


# ---- what is refused ----


def test_a_successor_is_another_unit_in_use_of_the_same_organisation(cast: Cast) -> None:
    """Rule unit-successor."""
    for successor in (cast.unit, cast.foreign_unit):
        with refused("unit-successor"):
            retire_unit(cast.actor("coordinator"), cast.unit.load(), successor.load(), REASON)
    ended = new_unit(cast)
    retire(cast, ended)
    with refused("unit-successor"):
        retire_unit(cast.actor("coordinator"), cast.unit.load(), ended.load(), REASON)


def test_a_unit_is_retired_once(cast: Cast) -> None:
    """Rule unit-retired: whoever presses second is told; nothing is inherited twice."""
    successor, other = new_unit(cast), new_unit(cast, "Toinen asema")
    retire(cast, cast.unit, successor)
    with refused("unit-retired"):
        retire_unit(cast.actor("coordinator"), cast.unit.load(), other.load(), REASON)
    assert adoptions(other) == {}
    page = cast.client("coordinator").post(f"/units/{cast.unit.ref}/retire", 422, {"reason": REASON})
    assert page.errors == ["The unit has been retired already."]


def test_two_coordinators_retire_it_at_one_moment(cast: Cast) -> None:
    successor = new_unit(cast)

    def act() -> bool:
        unit, other = session.get_one(Unit, cast.unit.id), session.get_one(Unit, successor.id)
        retire_unit(cast.actor("coordinator"), unit, other, REASON)
        return True

    results = at_once(cast.app, [act, act])
    assert [result for result in results if result is True] == [True]
    assert adoptions(successor) == {cast.practice.id: (Stage.TRYING, None, None)}
    assert len(events("unit.retired")) == 1


def test_booking_and_retiring_at_one_moment(cast: Cast) -> None:
    """Whoever is first: either the meeting is there and the unit in use, or the turn is skipped and nothing booked."""

    def book() -> str:
        book_stop(cast.actor("coordinator"), session.get_one(Stop, cast.stop.id), FREE_ON, time(13))
        return "booked"

    def end() -> str:
        retire_unit(cast.actor("coordinator"), session.get_one(Unit, cast.unit.id), None, REASON)
        return "retired"

    results = [result for result in at_once(cast.app, [book, end]) if isinstance(result, str)]
    assert len(results) == 1
    state = stops_of(cast.unit)[cast.spring.id]
    assert state is (StopState.BOOKED if results == ["booked"] else StopState.SKIPPED)


# ---- taking it back ----


def test_a_unit_is_taken_back_into_use(cast: Cast) -> None:
    retire(cast, cast.unit)
    client = cast.client("coordinator")
    page = client.get(f"/units/{cast.unit.ref}").click("Take the unit back into use")
    assert "Turns that were skipped stay skipped." in page.text
    page = page.form().submit().follow()
    assert page.message == "The unit is in use again."
    assert "Kallion terveysasema" in client.get("/units/").links
    assert stops_of(cast.unit)[cast.spring.id] is StopState.SKIPPED
    with reading():
        unit = cast.unit.load()
        assert (unit.retired_on, unit.successor_id) == (None, None)
    client.post(f"/units/{cast.unit.ref}/unretire")
    assert len(events("unit.unretired")) == 1


def test_after_90_days_it_does_not_come_back(cast: Cast) -> None:
    """Rule unit-back."""
    retire(cast, cast.unit)
    with clock.at(clock.now() + timedelta(days=91)):
        with refused("unit-back"):
            unretire_unit(coordinator(cast), cast.unit.load())
        client = client_of(cast, cast.id("coordinator"))
        assert "Take the unit back into use" not in client.get(f"/units/{cast.unit.ref}").links
        page = client.post(f"/units/{cast.unit.ref}/unretire", 422)
        assert "Add it as a new unit" in page.errors[0]

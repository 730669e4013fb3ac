"""One person who is in the register twice made one: found, looked at, joined in one go."""

from contextlib import nullcontext
from datetime import date, time

import pytest
from flask import Flask
from sqlalchemy import delete, select

from kierto.actor import SYSTEM, Actor, Role
from kierto.database import reading, session, writing
from kierto.errors import KiertoError
from kierto.events.models import Event
from kierto.experts import queries as experts
from kierto.experts import register
from kierto.experts.models import AvailableHours, ConsentTo
from kierto.meetings.models import Meeting
from kierto.people.actions import approve_expert, give_role
from kierto.people.models import Expert, ExpertState, Member, Person
from kierto.practices.merging import merge
from kierto.rounds.booking import book_stop
from kierto.seats import queries as seats
from kierto.seats.actions import take_seat
from kierto.seats.leaving import leave
from kierto.seats.merging import Contacts
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState
from kierto.sign_in.actions import start_session
from kierto.sign_in.models import Identity, PersonSession, SessionBy
from tests.cast import CONFIRMED_ON, NOW, Cast, Thing
from tests.refusals import refused
from tests.scenes import experts_take
from tests.scenes_experts import expert_of, in_register, kinds_of, tells, twin
from tests.together import at_once


def person_of(expert: Thing[Expert]) -> Thing[Person]:
    with nullcontext() if session().in_transaction() else reading():
        return Thing(session.get_one(Person, expert.load().person_id))


def join(
    cast: Cast,
    kept: Thing[Expert],
    gone: Thing[Expert],
    email: str | None = "expert@kierto.test",
    phone: str | None = None,
) -> None:
    with writing():
        merge(cast.actor("coordinator"), kept.load(), gone.load(), Contacts(email, phone))


def takes(expert: Thing[Expert], meeting: Thing[Meeting]) -> Thing[Seat]:
    with writing():
        person_id = expert.load().person_id
        return Thing(take_seat(Actor(person_id=person_id), meeting.load(), person_id, SeatRole.EXPERT))


# ---- looked at and joined ----


def test_from_the_page_to_one_person(cast: Cast) -> None:
    other = twin(cast, phone="+358401112233", home_base="Kukunori ry")
    own = expert_of(cast, "expert")
    client = cast.client("coordinator")
    page = client.get(f"/experts/{own.ref}/merge/{other.ref}")
    assert "Kukunori ry" in page.text
    assert "040 1112233" in page.text.replace("\N{NO-BREAK SPACE}", " ")
    page = page.form(button="They are one person: join them").submit(email="m.virtanen@example.fi").follow()
    assert "The two are one now." in page.message
    assert "Kukunori ry" in page.text
    with reading():
        person = cast.people["expert"].load()
        assert (person.email, person.phone) == ("m.virtanen@example.fi", "+358401112233")
    client.get(f"/experts/{other.ref}", 404)
    client.get(f"/experts/{own.ref}/merge/{other.ref}", 404)
    assert "4 experts" in client.get("/experts/").text


def test_which_address_stays_is_asked(cast: Cast) -> None:
    other = twin(cast)
    own = expert_of(cast, "expert")
    page = cast.client("coordinator").post(f"/experts/{own.ref}/merge/{other.ref}", 422)
    assert "email" in page.field_errors
    assert kinds_of(own) == ["expert.added"]


def test_the_one_that_goes_is_blanked_and_signs_in_no_more(cast: Cast) -> None:
    other = twin(cast)
    person = person_of(other)
    with writing():
        start_session(person.id, SessionBy.CODE, "phone")
        session.add(Identity(person_id=person.id, issuer="https://idp.kierto.test", subject="1", created_at=NOW))
    own = expert_of(cast, "expert")
    join(cast, own, other)
    with reading():
        gone = person.load()
        assert "Virtanen" not in gone.name
        assert (gone.folded, gone.email, gone.phone) == ("", None, None)
        assert gone.erased_at is not None
        open_sessions = select(PersonSession).where(
            PersonSession.person_id == person.id, PersonSession.ended_at.is_(None)
        )
        assert session.scalars(open_sessions).all() == []
        assert session.scalars(select(Identity).where(Identity.person_id == person.id)).all() == []
    cast.client("expert").get("/me")
    assert kinds_of(own) == ["expert.added", "expert.merged"]
    assert kinds_of(other) == ["expert.added", "expert.merged_away"]


def test_what_the_first_has_not_told_comes_from_the_second(cast: Cast) -> None:
    """Rule theme-consent: what was told comes with the consent that it was told with."""
    other = twin(cast, municipality="Espoo", languages=["fi", "so"], contract_until=date(2027, 12, 31))
    tells(cast, other, "encounter")
    own = expert_of(cast, "expert")
    with writing():
        session.add(
            AvailableHours(
                organisation_id=cast.organisation.id, expert_id=other.id, weekday=1, from_at=time(9), until_at=time(12)
            )
        )
        own.load().languages = ["fi", "en"]
    join(cast, own, other)
    with reading():
        kept = own.load()
        assert (kept.municipality, kept.languages) == ("Espoo", ["fi", "en", "so"])
        assert kept.contract_until == date(2027, 12, 31)
        assert [theme.code for theme in experts.themes_of(own.id)] == ["encounter"]
        assert experts.needs_of(own.id) is not None
        assert experts.valid_consent(own.id, ConsentTo.THEMES) is not None
        assert len(experts.hours_of(own.id)) == 1


def test_what_the_first_has_told_stays(cast: Cast) -> None:
    other = twin(cast, municipality="Espoo")
    own = expert_of(cast, "expert")
    tells(cast, own, "encounter", needs="Ensimmäisen tarve")
    tells(cast, other, "encounter", "access-to-care", needs="Toisen tarve")
    with writing():
        own.load().municipality = "Vantaa"
    join(cast, own, other)
    with reading():
        assert own.load().municipality == "Vantaa"
        needs = experts.needs_of(own.id)
        assert needs is not None
        assert needs.text.decode() == "Ensimmäisen tarve"
        assert {theme.code for theme in experts.themes_of(own.id)} == {"encounter", "access-to-care"}


@pytest.mark.parametrize(
    ("own", "other", "after"),
    [
        (ExpertState.APPLIED, ExpertState.APPROVED, ExpertState.APPROVED),
        (ExpertState.APPROVED, ExpertState.APPLIED, ExpertState.APPROVED),
        (ExpertState.DECLINED, ExpertState.APPLIED, ExpertState.APPLIED),
        (ExpertState.LEFT, ExpertState.PAUSED, ExpertState.PAUSED),
    ],
)
def test_who_was_approved_once_does_not_wait_again(
    cast: Cast, own: ExpertState, other: ExpertState, after: ExpertState
) -> None:
    kept = in_register(cast, "Kaksi Kertaa", state=own)
    gone = in_register(cast, "Kaksi Kertaa", state=other)
    join(cast, kept, gone, email=None)
    with reading():
        assert kept.load().state is after


def test_seats_move(cast: Cast) -> None:
    other = twin(cast)
    seat = takes(other, cast.proposed)
    with writing():
        session.execute(delete(Seat).where(Seat.meeting_id == cast.proposed.id, Seat.person_id == cast.id("expert")))
    join(cast, expert_of(cast, "expert"), other)
    with reading():
        assert seat.load().person_id == seat.load().answered_by == cast.id("expert")
        assert seat.load().state is SeatState.ACCEPTED
        assert cast.proposed.load().seats_taken == 2


def test_a_seat_stands_for_an_invitation(cast: Cast) -> None:
    """Both were invited, one of them has said yes: that stays, with all that was agreed of it."""
    other = twin(cast)
    seat = takes(other, cast.proposed)
    with writing():
        seat.load().companions, seat.load().fee_declined = 2, True
    join(cast, expert_of(cast, "expert"), other)
    with reading():
        statement = select(Seat).where(Seat.meeting_id == cast.proposed.id, Seat.person_id == cast.id("expert"))
        own = session.scalars(statement).one()
        assert (own.state, own.companions, own.fee_declined) == (SeatState.ACCEPTED, 2, True)
        assert seat.load().state is SeatState.WITHDRAWN
        assert cast.proposed.load().seats_taken == 2


def test_of_two_seats_in_one_meeting_the_better_stays_and_the_other_is_passed_on(cast: Cast) -> None:
    """Both hold one; a person waits."""
    other = twin(cast)
    second = takes(other, cast.confirmed)
    waiting = experts_take(cast, cast.confirmed, 2)[-1]
    with reading():
        assert waiting.load().state is SeatState.WAITING
    join(cast, expert_of(cast, "expert"), other)
    with reading():
        assert cast.seat.load().state is SeatState.ACCEPTED
        assert second.load().state is SeatState.WITHDRAWN
        assert waiting.load().state is SeatState.OFFERED
        meeting = cast.confirmed.load()
        assert meeting.seats_taken == 4 == len(seats.seats_of(meeting, *SeatState.holding()))


def test_the_better_seat_stays_also_when_the_second_has_it(cast: Cast) -> None:
    other = twin(cast)
    second = takes(other, cast.confirmed)
    with writing():
        own = session.get_one(Seat, cast.seat.id)
        own.state, cast.confirmed.load().seats_taken = SeatState.WITHDRAWN, 2
    join(cast, expert_of(cast, "expert"), other)
    with reading():
        assert cast.seat.load().state is SeatState.ACCEPTED
        assert second.load().state is SeatState.WITHDRAWN
        meeting = cast.confirmed.load()
        assert meeting.seats_taken == 2 == len(seats.seats_of(meeting, *SeatState.holding()))


def test_two_places_at_once_are_settled_first(cast: Cast) -> None:
    """Rule person-one-place holds for the one that the two become."""
    with writing():
        overlapping = Thing(book_stop(cast.actor("coordinator"), cast.autumn_stop.load(), CONFIRMED_ON, time(14)))
    other = twin(cast)
    takes(other, overlapping)
    own = expert_of(cast, "expert")
    page = cast.client("coordinator").get(f"/experts/{own.ref}/merge/{other.ref}")
    assert "at the same time" in page.text
    assert "They are one person: join them" not in page.html
    with refused("person-one-place"):
        merge(cast.actor("coordinator"), own.load(), other.load(), Contacts(None, None))


def test_nobody_becomes_an_expert_where_they_work(cast: Cast) -> None:
    """Rule seat-no-double-hat."""
    other = twin(cast)
    with writing():
        give_role(SYSTEM, person_of(other).load(), cast.organisation.id, Role.STAFF, cast.third_unit.id)
    own = expert_of(cast, "expert")
    with refused("seat-no-double-hat"):
        merge(cast.actor("coordinator"), own.load(), other.load(), Contacts(None, None))


def test_roles_move_and_double_ones_become_one(cast: Cast) -> None:
    other = twin(cast)
    with writing():
        gone = person_of(other).load()
        give_role(SYSTEM, gone, cast.organisation.id, Role.STAFF, cast.unit.id)
        give_role(SYSTEM, gone, cast.organisation.id, Role.DECISION_MAKER)
        give_role(SYSTEM, cast.people["expert"].load(), cast.organisation.id, Role.DECISION_MAKER)
    join(cast, expert_of(cast, "expert"), other)
    with reading():
        roles = session.scalars(select(Member.role).where(Member.person_id == cast.id("expert")))
        assert sorted(roles) == [Role.DECISION_MAKER, Role.STAFF]


# ---- where it cannot be done ----


@pytest.mark.parametrize("which", ["kept", "gone"])
def test_not_when_another_organisation_looks_after_one_of_them(cast: Cast, which: str) -> None:
    """Rule merge-own-only."""
    other, own = twin(cast), expert_of(cast, "expert")
    with writing():
        person = person_of(other if which == "gone" else own).load()
        approve_expert(SYSTEM, person, cast.other_organisation.id)
    page = cast.client("coordinator").get(f"/experts/{own.ref}/merge/{other.ref}")
    assert "Somebody else looks after one of them too" in page.text
    assert "Metsien" not in page.text
    page = cast.client("coordinator").post(
        f"/experts/{own.ref}/merge/{other.ref}", 422, {"email": "expert@kierto.test"}
    )
    with refused("merge-own-only"):
        merge(cast.actor("coordinator"), own.load(), other.load(), Contacts(None, None))


def test_who_coordinates_both_organisations_may(cast: Cast) -> None:
    other, own = twin(cast), expert_of(cast, "expert")
    with writing():
        approve_expert(SYSTEM, person_of(other).load(), cast.other_organisation.id)
        give_role(SYSTEM, cast.people["coordinator"].load(), cast.other_organisation.id, Role.COORDINATOR)
    join(cast, own, other)
    with reading():
        there = session.scalars(select(Expert).where(Expert.organisation_id == cast.other_organisation.id)).one()
        assert there.person_id == cast.id("expert")


def test_not_with_an_administrator(cast: Cast) -> None:
    """Nobody comes to administer Kierto by being taken for somebody who does."""
    own = expert_of(cast, "expert")
    with writing():
        administrator = Thing(approve_expert(SYSTEM, cast.people["administrator"].load(), cast.organisation.id))
    with refused("merge-own-only"):
        merge(cast.actor("coordinator"), own.load(), administrator.load(), Contacts(None, None))


def test_not_with_oneself(cast: Cast) -> None:
    """Rule seat-no-double-hat: nobody decides on their own."""
    own = expert_of(cast, "expert")
    with writing():
        me = Thing(approve_expert(SYSTEM, cast.people["coordinator"].load(), cast.organisation.id))
    for kept, gone in ((own, me), (me, own)):
        with refused("seat-no-double-hat"):
            merge(cast.actor("coordinator"), kept.load(), gone.load(), Contacts(None, None))


def test_an_address_of_neither_is_not_taken(cast: Cast) -> None:
    other, own = twin(cast), expert_of(cast, "expert")
    join(cast, own, other, email="joku.muu@example.fi")
    with reading():
        assert cast.people["expert"].load().email == "expert@kierto.test"


# ---- at one moment ----


def test_joined_both_ways_at_once_one_is_left(app: Flask, cast: Cast) -> None:
    own, other = expert_of(cast, "expert"), twin(cast)
    coordinator = cast.actor("coordinator")
    nothing = Contacts(None, None)

    def joined(kept: str, gone: str) -> None:
        pair = register.pair(coordinator, kept, gone)
        merge(coordinator, pair.kept, pair.gone, nothing)

    outcomes = at_once(app, [lambda: joined(own.ref, other.ref), lambda: joined(other.ref, own.ref)])
    assert sum(isinstance(outcome, KiertoError) for outcome in outcomes) == 1
    with reading():
        assert len(session.scalars(select(Expert).where(Expert.id.in_([own.id, other.id]))).all()) == 1
        erased = session.scalars(select(Person).where(Person.erased_at.is_not(None))).all()
        assert len(erased) == 1


def test_a_seat_taken_meanwhile_is_not_lost(app: Flask, cast: Cast) -> None:
    """Either it moves along, or it is refused: nobody holds a seat as a person that is no more."""
    own, other = expert_of(cast, "expert"), twin(cast)
    person = person_of(other)
    coordinator = cast.actor("coordinator")
    at_once(
        app,
        [
            lambda: merge(
                coordinator, session.get_one(Expert, own.id), session.get_one(Expert, other.id), Contacts(None, None)
            ),
            lambda: take_seat(SYSTEM, cast.proposed.load(), person.id, SeatRole.EXPERT),
        ],
    )
    with reading():
        left = select(Seat).where(Seat.person_id == person.id, Seat.state.in_(SeatState.holding()))
        assert session.scalars(left).all() == []
        meeting = cast.proposed.load()
        assert meeting.seats_taken == len(seats.seats_of(meeting, *SeatState.holding()))


def test_leaving_and_joining_at_once(app: Flask, cast: Cast) -> None:
    own, other = expert_of(cast, "expert"), twin(cast)
    takes(other, cast.proposed)
    coordinator = cast.actor("coordinator")
    at_once(
        app,
        [
            lambda: merge(
                coordinator, session.get_one(Expert, own.id), session.get_one(Expert, other.id), Contacts(None, None)
            ),
            lambda: leave(coordinator, session.get_one(Expert, own.id)),
        ],
    )
    with reading():
        for thing in (cast.proposed, cast.confirmed):
            meeting = thing.load()
            assert meeting.seats_taken == len(seats.seats_of(meeting, *SeatState.holding()))
        assert session.scalar(select(Event.id).where(Event.kind == "expert.merged")) is not None


def test_what_they_look_after_goes_over(cast: Cast) -> None:
    own, other = expert_of(cast, "expert"), twin(cast)
    with writing():
        cast.started.load().owner_id = other.load().person_id
    join(cast, own, other)
    with reading():
        assert cast.started.load().owner_id == cast.id("expert")

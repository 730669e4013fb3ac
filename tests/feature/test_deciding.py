"""Approving, declining, a break, leaving: who decides what, what it does to seats, and what people are told."""

from collections.abc import Callable
from datetime import date, time
from email.message import EmailMessage
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from kierto.actor import SYSTEM, Actor, Role
from kierto.database import reading, session, writing
from kierto.errors import Refused
from kierto.events.models import Event
from kierto.experts.deciding import approve, come_back, decline, record_call
from kierto.experts.models import Consent, ExpertNeeds, ExpertTheme
from kierto.meetings.models import Meeting, MeetingState
from kierto.messages.actions import fan_out
from kierto.messages.letters import Outdated
from kierto.messages.models import Message
from kierto.messages.rendering import rendered
from kierto.people.actions import give_role
from kierto.people.models import Expert, ExpertState
from kierto.people.rules import EXPERT_MOVES, Move, may_move, moved
from kierto.rounds.booking import book_stop
from kierto.seats import queries as seats
from kierto.seats.actions import take_seat
from kierto.seats.leaving import leave, pause
from kierto.seats.models import Seat
from kierto.seats.rules import SeatRole, SeatState
from tests.cast import Cast, Thing
from tests.refusals import refused
from tests.scenes import experts_take
from tests.scenes_experts import applies, expert_of, kinds_of, tells
from tests.together import at_once


def state(expert: Thing[Expert]) -> ExpertState:
    with reading():
        return expert.load().state


def letters(app: Flask) -> dict[str, str]:
    """Kind → text, of every letter that waits for an expert."""
    with writing():
        fan_out(100)
    with reading():
        found = {}
        for message in session.scalars(select(Message).where(Message.kind.startswith("expert."))):
            mail = rendered(message.id, app.config["KIERTO"])
            assert isinstance(mail, EmailMessage)
            body = mail.get_body(("plain",))
            assert body is not None
            found[message.kind] = f"{mail['Subject']}\n{body.get_content()}"
        return found


# ---- the moves ----


def test_states_move_only_along_their_arrows() -> None:
    """Rule expert-moves."""
    arrows = {(now, moved(now, move)) for now in ExpertState for move in Move if may_move(now, move)}
    a, p, b, left, d, w = (
        ExpertState.APPLIED,
        ExpertState.APPROVED,
        ExpertState.PAUSED,
        ExpertState.LEFT,
        ExpertState.DECLINED,
        ExpertState.WITHDRAWN,
    )
    assert arrows == {(a, p), (a, d), (a, w), (p, b), (p, left), (b, p), (b, left), (left, a), (d, a), (w, a)}
    with pytest.raises(Refused) as fault:
        moved(ExpertState.DECLINED, Move.APPROVE)
    assert fault.value.rule is EXPERT_MOVES


def test_a_break_is_not_a_way_around_approval(cast: Cast) -> None:
    waiting = applies(cast)
    with refused("expert-moves"):
        come_back(cast.actor("coordinator"), waiting.load())


@pytest.mark.parametrize("verb", [approve, pause, come_back, lambda actor, expert: decline(actor, expert, "")])
def test_nobody_decides_on_themself(cast: Cast, verb: Callable[[Actor, Expert], object]) -> None:
    """Rule seat-no-double-hat: nobody approves, declines or pauses their own."""
    with writing():
        give_role(SYSTEM, cast.people["applicant"].load(), cast.organisation.id, Role.COORDINATOR)
    own = expert_of(cast, "applicant")
    with refused("seat-no-double-hat"):
        verb(cast.actor("applicant"), own.load())


def test_the_page_says_so_and_offers_no_button(cast: Cast) -> None:
    with writing():
        give_role(SYSTEM, cast.people["applicant"].load(), cast.organisation.id, Role.COORDINATOR)
    own = expert_of(cast, "applicant")
    client = cast.client("applicant")
    page = client.get(f"/experts/{own.ref}")
    assert "This is you." in page.text
    assert not [form for form in page.forms if "approve" in form.action]
    client.post(f"/experts/{own.ref}/approve")
    assert "Nobody decides on their own place" in client.get(f"/experts/{own.ref}").message
    assert state(own) is ExpertState.APPLIED


# ---- approving and declining ----


def test_approving_lets_them_take_seats_and_tells_them(app: Flask, cast: Cast) -> None:
    """Rule expert-approved."""
    own = expert_of(cast, "applicant")
    client = cast.client("coordinator")
    page = client.get(f"/experts/{own.ref}").form(f"/experts/{own.ref}/approve").submit()
    assert "Approved." in page.follow().message
    assert kinds_of(own).count("expert.approved") == 1
    with writing():
        take_seat(cast.actor("applicant"), cast.proposed.load(), cast.id("applicant"), SeatRole.EXPERT)
    letter = letters(app)["expert.approved"]
    assert "applicant@kierto.test" in letter
    assert "/sign-in" in letter


def test_declining_is_kind_and_deletes_what_was_told_of_health(app: Flask, cast: Cast) -> None:
    own = expert_of(cast, "applicant")
    tells(cast, own)
    client = cast.client("coordinator")
    page = client.get(f"/experts/{own.ref}").click("Not this time")
    page.form().submit(words="Toivottavasti tapaamme syksyllä.")
    assert state(own) is ExpertState.DECLINED
    letter = letters(app)["expert.declined"]
    assert "Toivottavasti tapaamme syksyllä." in letter
    assert "/apply" in letter
    with reading():
        assert session.scalars(select(ExpertTheme).where(ExpertTheme.expert_id == own.id)).all() == []
        assert session.scalars(select(ExpertNeeds).where(ExpertNeeds.expert_id == own.id)).all() == []
        assert own.load().own_words is None
        assert all(one.withdrawn_at for one in session.scalars(select(Consent).where(Consent.expert_id == own.id)))
        data = session.scalars(select(Event.data).where(Event.subject == "experts", Event.subject_id == own.id)).all()
    assert "syksyllä" not in str(data), "events hold no free text"


def test_the_words_of_a_letter_are_not_too_many(cast: Cast) -> None:
    own = expert_of(cast, "applicant")
    page = cast.client("coordinator").post(f"/experts/{own.ref}/decline", 422, {"words": "x" * 501})
    assert "words" in page.field_errors
    assert state(own) is ExpertState.APPLIED


def test_the_second_of_two_coordinators_sees_what_happened(cast: Cast) -> None:
    """Stale pages: the first decision stands."""
    own = expert_of(cast, "applicant")
    client = cast.client("coordinator")
    stale = client.get(f"/experts/{own.ref}/decline")
    client.post(f"/experts/{own.ref}/approve")
    page = stale.form().submit().follow()
    assert "Somebody may have decided already" in page.message
    assert "The expert was approved." in page.text
    assert state(own) is ExpertState.APPROVED
    client.get(f"/experts/{own.ref}/decline", 302)


def test_of_two_decisions_at_once_one_stands(app: Flask, cast: Cast) -> None:
    own = expert_of(cast, "applicant")
    coordinator = cast.actor("coordinator")
    with reading():
        expert_id = own.id
    outcomes = at_once(
        app,
        [
            lambda: approve(coordinator, session.get_one(Expert, expert_id)),
            lambda: decline(coordinator, session.get_one(Expert, expert_id), "Kiitos."),
            lambda: approve(coordinator, session.get_one(Expert, expert_id)),
        ],
    )
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 2
    assert len([kind for kind in kinds_of(own) if kind in ("expert.approved", "expert.declined")]) == 1


def test_a_letter_of_a_decision_that_was_undone_is_not_sent(app: Flask, cast: Cast) -> None:
    own = expert_of(cast, "applicant")
    with writing():
        approve(cast.actor("coordinator"), own.load())
        fan_out(100)
    with writing():
        leave(cast.actor("coordinator"), own.load())
    with reading():
        message = session.scalars(select(Message).where(Message.kind == "expert.approved")).one()
        with pytest.raises(Outdated):
            rendered(message.id, app.config["KIERTO"])


def test_letters_say_nothing_of_health(app: Flask, cast: Cast) -> None:
    welcome, other, resting = (
        expert_of(cast, "applicant"),
        applies(cast, email="aune@kierto.test"),
        expert_of(cast, "expert"),
    )
    for one in (welcome, other, resting):
        tells(cast, one)
    with writing():
        approve(cast.actor("coordinator"), welcome.load())
    with writing():
        decline(cast.actor("coordinator"), other.load(), "")
    with writing():
        pause(cast.actor("coordinator"), resting.load())
    found = letters(app)
    assert {"expert.approved", "expert.declined", "expert.paused"} <= set(found)
    text = " ".join(found.values()).lower()
    for word in ("terveyd", "terveyt", "sairau", "ovi auki", "päihde", "kohtaaminen"):
        assert word not in text


def test_a_call_is_written_down(cast: Cast) -> None:
    """Rule answer-for-another: who and how."""
    waiting = applies(cast, call_wished=True)
    client = cast.client("coordinator")
    page = client.get(f"/experts/{waiting.ref}")
    assert "Asked to be called." in page.text
    page.form(f"/experts/{waiting.ref}/called").submit()
    page = client.get(f"/experts/{waiting.ref}")
    assert "Asked to be called." not in page.text
    assert "The coordinator called the person. Aino Koskinen" in page.text


def test_calling_does_not_decide(cast: Cast) -> None:
    waiting = applies(cast)
    with writing():
        record_call(cast.actor("coordinator"), waiting.load())
    assert state(waiting) is ExpertState.APPLIED


# ---- a break, and leaving ----


def test_a_break_gives_up_coming_seats_and_passes_them_on(app: Flask, cast: Cast) -> None:
    """What happens when: expert paused or left: future seats withdrawn, offers pass on."""
    full = experts_take(cast, cast.confirmed, 3)
    with reading():
        assert full[2].load().state is SeatState.WAITING
    own = expert_of(cast, "expert")
    client = cast.client("coordinator")
    page = client.get(f"/experts/{own.ref}").click("Begin a break")
    assert "1 coming seat is given up" in page.text
    page.form().submit()
    assert state(own) is ExpertState.PAUSED
    with reading():
        assert cast.seat.load().state is SeatState.WITHDRAWN
        assert full[2].load().state is SeatState.OFFERED
        assert cast.confirmed.load().seats_taken == 4
        held = session.scalars(select(Seat).where(Seat.meeting_id == cast.held.id, Seat.person_id == cast.id("expert")))
        assert held.one().state is SeatState.ACCEPTED, "what is past stays"
    assert "/me" in letters(app)["expert.paused"]
    with refused("expert-approved"):
        take_seat(SYSTEM, cast.proposed.load(), cast.id("expert"), SeatRole.EXPERT)


def test_a_mix_lost_by_it_is_flagged(cast: Cast) -> None:
    """Rule meeting-mix."""
    own = expert_of(cast, "expert")
    with writing():
        pause(cast.actor("coordinator"), own.load())
    with reading():
        lost = select(Event).where(Event.kind == "meeting.mix_lost", Event.subject_id == cast.confirmed.id)
        event = session.scalars(lost).one()
        assert event.act == session.scalars(select(Event.act).where(Event.kind == "expert.paused")).one()
        assert cast.confirmed.load().state is MeetingState.CONFIRMED


def test_seats_as_a_worker_and_elsewhere_stay(cast: Cast) -> None:
    """Only what the organisation's register gave is taken back."""
    with writing():
        give_role(SYSTEM, cast.people["expert"].load(), cast.organisation.id, Role.STAFF, cast.other_unit.id)
    with writing():
        own_unit = take_seat(cast.actor("expert"), cast.proposed.load(), cast.id("expert"), SeatRole.HOST_STAFF)
        worker_seat = Thing(own_unit)
    own = expert_of(cast, "expert")
    with writing():
        leave(cast.actor("coordinator"), own.load())
    with reading():
        assert worker_seat.load().state is SeatState.ACCEPTED
        assert cast.seat.load().state is SeatState.WITHDRAWN


def test_leaving_deletes_what_was_told_of_health(cast: Cast) -> None:
    own = expert_of(cast, "expert")
    tells(cast, own)
    client = cast.client("coordinator")
    client.get(f"/experts/{own.ref}").click("Leaves the register").form().submit()
    with reading():
        assert session.scalars(select(ExpertTheme).where(ExpertTheme.expert_id == own.id)).all() == []
    page = client.get(f"/experts/{own.ref}")
    assert "may apply again" in page.text
    assert kinds_of(own).count("expert.left") == 1


def test_a_person_leaves_by_themself(cast: Cast) -> None:
    own = expert_of(cast, "expert")
    with writing():
        leave(cast.actor("expert"), own.load())
    assert state(own) is ExpertState.LEFT


def test_coming_back_from_a_break(cast: Cast) -> None:
    own = expert_of(cast, "expert")
    with writing():
        pause(cast.actor("coordinator"), own.load())
    client = cast.client("coordinator")
    client.get(f"/experts/{own.ref}").form(f"/experts/{own.ref}/come-back").submit()
    assert state(own) is ExpertState.APPROVED
    with reading():
        assert cast.seat.load().state is SeatState.WITHDRAWN, "a seat is taken anew"


def test_what_is_refused_gives_up_nothing(cast: Cast) -> None:
    own = expert_of(cast, "expert")
    with writing():
        own.load().state = ExpertState.LEFT
    with refused("expert-moves"):
        pause(cast.actor("coordinator"), own.load())
    with reading():
        assert cast.seat.load().state is SeatState.ACCEPTED


def test_a_seat_taken_at_the_same_moment_is_given_up_too(app: Flask, cast: Cast) -> None:
    """Whoever is first, no approved seat is left behind: the lock of the person decides."""
    own = expert_of(cast, "expert")
    coordinator, actor = cast.actor("coordinator"), cast.actor("expert")
    with writing():
        third = Thing(book_stop(coordinator, cast.autumn_stop.load(), date(2027, 2, 23), time(9)))
    with writing():
        fourth = Thing(book_stop(coordinator, cast.stop.load(), date(2027, 2, 16), time(9)))
    meetings = [cast.proposed, third, fourth]
    person_id = cast.id("expert")

    def taken(meeting: Thing[Meeting]) -> None:
        take_seat(actor, meeting.load(), person_id, SeatRole.EXPERT)

    acts: list[Callable[[], None]] = [partial(taken, meeting) for meeting in meetings]
    at_once(app, [*acts, lambda: pause(coordinator, own.load())])
    assert state(own) is ExpertState.PAUSED
    with reading():
        coming = select(Seat).where(Seat.person_id == person_id, Seat.meeting_id != cast.held.id)
        assert {seat.state for seat in session.scalars(coming)} <= {SeatState.WITHDRAWN}
        for meeting in (*meetings, cast.confirmed):
            found = meeting.load()
            assert found.seats_taken == len(seats.seats_of(found, *SeatState.holding()))


def test_two_people_who_leave_at_once_do_not_wait_for_each_other(app: Flask, cast: Cast) -> None:
    """Both have seats in the same meetings; locks are taken in one order."""
    with writing():
        take_seat(cast.actor("other_expert"), cast.confirmed.load(), cast.id("other_expert"), SeatRole.EXPERT)
    with writing():
        take_seat(cast.actor("other_expert"), cast.proposed.load(), cast.id("other_expert"), SeatRole.EXPERT)
    with writing():
        take_seat(cast.actor("expert"), cast.proposed.load(), cast.id("expert"), SeatRole.EXPERT)
    coordinator = cast.actor("coordinator")
    one, other = expert_of(cast, "expert"), expert_of(cast, "other_expert")
    outcomes = at_once(app, [lambda: leave(coordinator, one.load()), lambda: leave(coordinator, other.load())])
    assert outcomes == [None, None]
    with reading():
        assert cast.confirmed.load().seats_taken == 1
        assert cast.proposed.load().seats_taken == 1

"""Letters about rounds: a unit's turn to book, and changing times with another unit."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from kierto import clock
from kierto.clock import local
from kierto.database import session
from kierto.events.catalogue.rounds import (
    RoundCancelled,
    RoundClosed,
    RoundOpened,
    RoundReopened,
    StopAdded,
    StopTakenBack,
    SwapAsked,
    SwapDeclined,
    SwapDone,
)
from kierto.messages.letters.facts import Choice, Detail
from kierto.messages.letters.meetings import book_address
from kierto.messages.letters.told import Facts, Letter, Outdated, Told
from kierto.people.addresses import spoken_phone
from kierto.people.queries import host_contacts, hosted_units
from kierto.people.roles import coordinators_of
from kierto.rounds.models import Round, RoundState, Stop, StopState, StopSwap, SwapState
from kierto.units.models import Organisation
from kierto.words import day, gettext, when


def _turn(told: Told) -> Facts:
    """The turns that the reader books for and that still wait, with a link to each; of one round."""
    round_, unit_id = _round(told)
    if round_ is None or round_.state is not RoundState.OPEN:
        raise Outdated
    waiting = _waiting(round_, unit_id)
    hosted = hosted_units([stop.unit_id for stop in waiting])
    mine = [stop for stop in waiting if _books(told, stop, hosted)]
    if not mine:
        raise Outdated
    base_url, round_name, today = told.settings.base_url, round_.name.text(), clock.today()
    details = [Detail(gettext("Round"), round_name.value, round_name.lang)]
    if len(mine) == 1:
        unit = mine[0].unit.name.text()
        details.append(Detail(gettext("Unit"), unit.value, unit.lang))
    between = f"{day(round_.from_on, today=today)} – {day(round_.until_on, today=today)}"
    details.append(Detail(gettext("Meetings are between"), between))
    choices = [Choice(stop.unit.name.text(), f"{base_url}{book_address(round_, stop)}") for stop in mine]
    return _reached(told) | {
        "round": round_name,
        "details": details,
        "choices": choices if len(mine) > 1 else [],
        "many": len(mine) > 1,
        "reopened": isinstance(told.data, RoundReopened),
        "again": isinstance(told.data, StopTakenBack),
        "hosts": mine[0].unit_id in hosted,
        "link": choices[0].link if len(mine) == 1 else f"{base_url}/rounds/{round_.ref}",
    }


def _round(told: Told) -> tuple[Round | None, int | None]:
    """The round, and the one unit that the message is about, if it is about one."""
    if isinstance(told.data, StopAdded | StopTakenBack):
        return session.get(Round, told.data.round_id), told.data.unit_id
    return session.get(Round, told.message.subject_id), None


def _waiting(round_: Round, unit_id: int | None) -> list[Stop]:
    stops = session.scalars(
        select(Stop)
        .where(Stop.round_id == round_.id)
        .options(joinedload(Stop.unit), joinedload(Stop.meeting))
        .order_by(Stop.position)
    )
    return [stop for stop in stops if stop.state is StopState.WAITING and unit_id in (None, stop.unit_id)]


def _books(told: Told, stop: Stop, hosted: frozenset[int]) -> bool:
    """Whether the reader is who books for the unit now: a contact person, without any a coordinator."""
    if stop.unit_id in hosted:
        return any(person.id == told.message.person_id for person in host_contacts(stop.unit_id))
    return told.message.person_id in coordinators_of(stop.organisation_id)


def _cancelled(told: Told) -> Facts:
    return _ended(told, RoundState.CANCELLED)


def _closed(told: Told) -> Facts:
    return _ended(told, RoundState.CLOSED)


def _ended(told: Told, state: RoundState) -> Facts:
    """Which round, and why it was called off; nothing when it was opened again meanwhile."""
    round_ = session.get(Round, told.message.subject_id)
    if round_ is None or round_.state is not state:
        raise Outdated
    name = round_.name.text()
    details = [Detail(gettext("Round"), name.value, name.lang)]
    if round_.ended_because:
        details.append(Detail(gettext("Reason"), round_.ended_because))
    return _reached(told) | {
        "round": name,
        "details": details,
        "choices": [],
        "link": f"{told.settings.base_url}/rounds/{round_.ref}",
    }


def _swap_asked(told: Told) -> Facts:
    """Asked while both meetings still have the times that it was about."""
    swap = _swap(told, SwapState.ASKED)
    if not swap.current:
        raise Outdated
    asking, asked = swap.asking.meeting, swap.asked.meeting
    if asking is None or asked is None or not (asking.open and asked.open):
        raise Outdated
    facts = _swap_facts(told, swap)
    unit = swap.asking.unit.name.text()
    facts["details"] += [
        Detail(gettext("Who asks"), unit.value, unit.lang),
        Detail(gettext("Your meeting now"), when(local(asked.starts_at), local(asked.ends_at))),
        Detail(gettext("Your meeting after the change"), when(local(asking.starts_at), local(asking.ends_at))),
    ]
    if swap.words:
        facts["details"].append(Detail(gettext("They say"), swap.words))
    return facts | {"link": f"{told.settings.base_url}/rounds/{swap.asking.round.ref}/swaps/{swap.ref}"}


def _swap_done(told: Told) -> Facts:
    swap = _swap(told, SwapState.DONE)
    facts = _swap_facts(told, swap)
    for stop in (swap.asking, swap.asked):
        if stop.meeting is None or not stop.meeting.open:
            raise Outdated
        unit = stop.unit.name.text()
        time = when(local(stop.meeting.starts_at), local(stop.meeting.ends_at))
        facts["details"].append(Detail(unit.value, time, unit.lang))
    return facts


def _swap_declined(told: Told) -> Facts:
    swap = _swap(told, SwapState.DECLINED)
    meeting = swap.asking.meeting
    if meeting is None or not meeting.open:
        raise Outdated
    facts = _swap_facts(told, swap)
    facts["details"].append(Detail(gettext("Your meeting"), when(local(meeting.starts_at), local(meeting.ends_at))))
    return facts


def _swap(told: Told, state: SwapState) -> StopSwap:
    swap = session.get(StopSwap, told.message.subject_id)
    if swap is None or swap.state is not state:
        raise Outdated
    return swap


def _swap_facts(told: Told, swap: StopSwap) -> Facts:
    name = swap.asking.round.name.text()
    return _reached(told) | {
        "details": [Detail(gettext("Round"), name.value, name.lang)],
        "choices": [],
        "link": f"{told.settings.base_url}/rounds/{swap.asking.round.ref}",
    }


def _reached(told: Told) -> Facts:
    """How the coordinators are reached."""
    organisation = session.get_one(Organisation, told.message.organisation_id)
    return {"phone": spoken_phone(organisation.phone) if organisation.phone else None, "email": organisation.email}


LETTERS = {
    RoundOpened.kind: Letter(_turn),
    RoundCancelled.kind: Letter(_cancelled),
    RoundClosed.kind: Letter(_closed),
    RoundReopened.kind: Letter(_turn, words="round_opened"),
    StopAdded.kind: Letter(_turn, words="round_opened"),
    StopTakenBack.kind: Letter(_turn, words="round_opened"),
    SwapAsked.kind: Letter(_swap_asked),
    SwapDone.kind: Letter(_swap_done),
    SwapDeclined.kind: Letter(_swap_declined),
}

"""Who may do what. A permission is a verb and the predicates that grant it, each over an Actor and a loaded thing.

It never asks the database. `docs/permissions.md` is generated from this table; tests/checks compares it with a table
reviewed by hand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from kierto.actor import Actor, Role
from kierto.experts.rules import may_read_secrets

Thing_contra = TypeVar("Thing_contra", contravariant=True)


@dataclass(frozen=True)
class Permission(Generic[Thing_contra]):
    """A verb; any one of its predicates grants it."""

    verb: str
    granted_to: tuple[Callable[[Actor, Thing_contra], bool], ...]

    def allows(self, actor: Actor, thing: Thing_contra) -> bool:
        """Whether the actor may do it with the thing."""
        return any(predicate(actor, thing) for predicate in self.granted_to)


class InOrganisation(Protocol):
    @property
    def organisation_id(self) -> int: ...


class InUnit(InOrganisation, Protocol):
    @property
    def unit_id(self) -> int: ...


class MaybeInUnit(InOrganisation, Protocol):
    """Of an organisation, or of one of its units."""

    @property
    def unit_id(self) -> int | None: ...


class HasId(Protocol):
    @property
    def id(self) -> int: ...


class OfPerson(Protocol):
    @property
    def person_id(self) -> int: ...


class SeatOf(OfPerson, InOrganisation, Protocol):
    """Of a person, in an organisation."""


class MayRelax(Protocol):
    @property
    def weak_reading_reason(self) -> str | None: ...


class OfOrganisation(Protocol):
    @property
    def organisation(self) -> MayRelax: ...


def units_of(thing: MaybeInUnit) -> tuple[int | None, ...]:
    """The thing's unit; a meeting knows of both that hold it together."""
    both: tuple[int, ...] | None = getattr(thing, "unit_ids", None)
    return both or (thing.unit_id,)


def coordinates(actor: Actor, thing: InOrganisation) -> bool:
    """A coordinator of the thing's organisation."""
    return actor.is_in(thing.organisation_id, Role.COORDINATOR)


def coordinates_somewhere(actor: Actor, _asking: Actor) -> bool:
    """A coordinator of any organisation."""
    return bool(actor.organisations_as(Role.COORDINATOR))


def coordinates_it(actor: Actor, organisation: HasId) -> bool:
    """A coordinator of the organisation itself."""
    return actor.is_in(organisation.id, Role.COORDINATOR)


def hosts(actor: Actor, thing: MaybeInUnit) -> bool:
    """A host contact of the thing's unit; of a meeting that two units hold together, of either."""
    return any(actor.hosts(unit_id) for unit_id in units_of(thing))


def works_there(actor: Actor, thing: InUnit) -> bool:
    """Staff (host contacts too) of the thing's unit; of a meeting that two units hold together, of either."""
    return not actor.units.isdisjoint(units_of(thing))


def is_expert_there(actor: Actor, thing: InOrganisation) -> bool:
    """An approved expert of the thing's organisation."""
    return actor.is_in(thing.organisation_id, Role.EXPERT)


def is_theirs(actor: Actor, thing: OfPerson) -> bool:
    """The person the thing belongs to."""
    return actor.person_id is not None and actor.person_id == thing.person_id


def is_themself(actor: Actor, asking: Actor) -> bool:
    """Whoever is signed in, to what is their own."""
    return actor.signed_in and actor == asking


def reads_secrets(actor: Actor, thing: OfOrganisation) -> bool:
    """In a strongly identified session, or where the organisation has relaxed that (secret-behind-strong-id)."""
    return may_read_secrets(actor, thing.organisation.weak_reading_reason)


def administers(actor: Actor, _thing: object) -> bool:
    """An administrator of Kierto."""
    return actor.administrator


SEE_OWN_PAGE: Permission[Actor] = Permission("me.see", (is_themself,))
EDIT_ORGANISATION: Permission[HasId] = Permission("organisation.edit", (coordinates_it,))
CREATE_UNIT: Permission[HasId] = Permission("unit.create", (coordinates_it,))
EDIT_UNIT: Permission[InUnit] = Permission("unit.edit", (hosts, coordinates))
RETIRE_UNIT: Permission[InOrganisation] = Permission("unit.retire", (coordinates,))
IMPORT_UNITS: Permission[HasId] = Permission("units.import", (coordinates_it,))
IMPORT_EXPERTS: Permission[HasId] = Permission("experts.import", (coordinates_it,))
SEE_JOB: Permission[InOrganisation] = Permission("job.see", (coordinates,))
STOP_JOB: Permission[InOrganisation] = Permission("job.stop", (coordinates,))
SAVE_JOB: Permission[InOrganisation] = Permission("job.save", (coordinates,))
CREATE_ROUND: Permission[HasId] = Permission("round.create", (coordinates_it,))
EDIT_ROUND: Permission[InOrganisation] = Permission("round.edit", (coordinates,))
OPEN_ROUND: Permission[InOrganisation] = Permission("round.open", (coordinates,))
BOOK_STOP: Permission[InUnit] = Permission("round.book", (hosts, coordinates))
CLOSE_ROUND: Permission[InOrganisation] = Permission("round.close", (coordinates,))
SKIP_STOP: Permission[InOrganisation] = Permission("stop.skip", (coordinates,))
ANSWER_SWAP: Permission[InUnit] = Permission("swap.answer", (hosts, coordinates))
MOVE_MEETING: Permission[InUnit] = Permission("meeting.move", (hosts, coordinates))
CANCEL_MEETING: Permission[InUnit] = Permission("meeting.cancel", (hosts, coordinates))
EDIT_MEETING: Permission[InUnit] = Permission("meeting.edit", (hosts, coordinates))
SAY_HAPPENED: Permission[InUnit] = Permission("meeting.say_happened", (hosts, coordinates))
HOLD_ANYWAY: Permission[InOrganisation] = Permission("meeting.hold_anyway", (coordinates,))
RELEASE_SEATS: Permission[InOrganisation] = Permission("meeting.release_seats", (coordinates,))
RECORD_ANSWER: Permission[InOrganisation] = Permission("seat.record_answer", (coordinates,))
NAME_FACILITATOR: Permission[InUnit] = Permission("meeting.name_facilitator", (hosts, coordinates))
SET_FEES: Permission[HasId] = Permission("fees.set", (coordinates_it,))
SEE_PARTICIPANTS: Permission[InUnit] = Permission("participants.see", (hosts, coordinates))
TAKE_SEAT: Permission[InUnit] = Permission("seat.take", (is_expert_there, works_there))
ANSWER_OFFER: Permission[OfPerson] = Permission("seat.answer", (is_theirs,))
VISIT_MEETING: Permission[InUnit] = Permission("meeting.visit", (works_there,))
SET_COMPANIONS: Permission[SeatOf] = Permission("seat.companions", (is_theirs, coordinates))
DRAFT_PRACTICE: Permission[InUnit] = Permission("practice.draft", (works_there, coordinates))
AGREE_PRACTICE: Permission[InUnit] = Permission("practice.agree", (works_there, coordinates))
ANSWER_ADOPTION: Permission[InUnit] = Permission("adoption.answer", (works_there, coordinates))

SEE_WORKERS: Permission[InUnit] = Permission("workers.see", (works_there, coordinates))
INVITE_WORKER: Permission[InUnit] = Permission("workers.invite", (hosts, coordinates))
REMOVE_WORKER: Permission[InUnit] = Permission("workers.remove", (hosts, coordinates))
HAND_HOST_ON: Permission[InUnit] = Permission("host_contact.hand_on", (hosts, coordinates))
MAKE_JOINING_LINK: Permission[InUnit] = Permission("joining_link.make", (hosts, coordinates))
GIVE_ROLES: Permission[HasId] = Permission("roles.give", (coordinates_it, administers))
HANDLE_INVITATION: Permission[MaybeInUnit] = Permission("invitation.handle", (hosts, coordinates, administers))
ADMINISTER: Permission[object] = Permission("kierto.administer", (administers,))

END_OWN_SESSION: Permission[Actor] = Permission("session.end", (is_themself,))
CHANGE_OWN_CONTACT: Permission[Actor] = Permission("contact.change", (is_themself,))
RECORD_CALL: Permission[InOrganisation] = Permission("call.record", (coordinates,))
REMOVE_OWN_IDENTITY: Permission[Actor] = Permission("identity.remove_own", (is_themself,))
MAKE_OWN_PASS: Permission[Actor] = Permission("pass.make_own", (is_themself,))
MAKE_PASS: Permission[InOrganisation] = Permission("pass.make", (coordinates,))
READ_OWN_SECRETS: Permission[OfOrganisation] = Permission("own_secrets.read", (reads_secrets,))
WRITE_BESIDE: Permission[HasId] = Permission("application.beside", (coordinates_it,))

SEE_DESK: Permission[Actor] = Permission("desk.see", (coordinates_somewhere, administers))
DECIDE_EXPERT: Permission[InOrganisation] = Permission("expert.decide", (coordinates,))
KEEP_REGISTER: Permission[InOrganisation] = Permission("expert.keep", (coordinates,))
MERGE_EXPERTS: Permission[InOrganisation] = Permission("expert.merge", (coordinates,))
READ_SECRETS: Permission[InOrganisation] = Permission("expert.read_secrets", (coordinates,))
SEE_NEEDS: Permission[InUnit] = Permission("needs.see", (hosts, coordinates))

HANDLE_OWN_DATA: Permission[Actor] = Permission("own_data.handle", (is_themself,))
SET_RETENTION: Permission[HasId] = Permission("retention.set", (coordinates_it, administers))
WRITE_STATEMENT: Permission[HasId] = Permission("statement.write", (coordinates_it, administers))
ANSWER_FEEDBACK: Permission[InOrganisation] = Permission("feedback.answer", (coordinates, administers))


def permissions() -> tuple[Permission[object], ...]:
    """Every permission there is, in the order of this page."""
    return tuple(value for value in globals().values() if isinstance(value, Permission))

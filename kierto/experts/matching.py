"""Whom the rows of an old register mean: somebody in the register, somebody Kierto knows elsewhere, or a new person.

An expert is the same whose e-mail or phone is the same. Who has neither is the same whose name and municipality are,
when that expert can be reached by neither; any other of that name there is a possible duplicate, for the coordinator to
decide. Who is known in another organisation only goes in like a new person: nothing tells that they were known.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from kierto.experts import old_register
from kierto.experts.old_register import Told
from kierto.people.rules import ExpertState
from kierto.units.preview import Act, Plan, Step
from kierto.units.table import Problem, Row
from kierto.words import N_, folded

OTHER_NAME = N_(
    "Your register has this e-mail or phone number under another name. Check the row. "
    "Write “yes” in the column same_person if it is the same person."
)
TWO_PEOPLE = N_("The e-mail is one expert’s in your register, the phone number another’s. Check both.")
MAYBE_TWICE = N_(
    "Your register has an expert of this name in this municipality. "
    "Write “yes” in the column same_person if it is the same person, “no” if it is another."
)
WHICH_ONE = N_("Your register has several experts of this name here. Give the e-mail or phone of the one you mean.")
TELL_APART = N_("Give an e-mail or phone, so that two people of the same name can be told apart.")
NOT_APPROVED = N_("This person is in your register, but is not approved now. Decide that on their own page first.")
ONESELF = N_("Nobody adds themselves to the register. Ask another coordinator.")
TWICE = N_("The same person is on row %(first)s already. Remove one of the two.")
TWICE_OR_TWO = N_(
    "Row %(first)s has the same name and municipality. If they are two people, write “no” in same_person."
)

_STAYS = (ExpertState.APPROVED, ExpertState.PAUSED)


@dataclass(frozen=True)
class ExpertNow:
    """Somebody in the register; `name` is folded, `values` are those that a file can change."""

    id: int
    person_id: int
    state: ExpertState
    name: str
    municipality: str | None
    reached: bool
    consented: bool
    values: Mapping[str, object]


@dataclass(frozen=True)
class Known:
    """What a file of experts is compared with: whose the addresses are, their folded names, the register."""

    emails: Mapping[str, int]
    phones: Mapping[str, int]
    names: Mapping[int, str]
    experts: Mapping[int, ExpertNow]
    today: date


@dataclass(frozen=True)
class WantedExpert:
    """Somebody to add or to change: new, a person Kierto knows (`person_id`), or an expert (`expert_id`)."""

    told: Told
    expert_id: int | None = None
    person_id: int | None = None
    email: str | None = None
    phone: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    consent: bool = False


class Matching:
    """Looks at one row after another."""

    def __init__(self, known: Known, actor_id: int | None) -> None:
        self.known, self.actor_id = known, actor_id
        self.plan: Plan[WantedExpert] = Plan()
        self.seen: dict[tuple[str, object], int] = {}
        self.named: defaultdict[tuple[str, str | None], list[ExpertNow]] = defaultdict(list)
        for expert in known.experts.values():
            self.named[expert.name, expert.municipality].append(expert)

    def look(self, row: Row) -> None:
        """Add to the plan what the row would do, or what is wrong with it."""
        problems = list(old_register.problems(row, self.known.today))
        if not problems:
            told = old_register.told(row)
            problems = list(self._repeated(told)) or self._match(told)
        self.plan.problems += problems

    def _match(self, told: Told) -> list[Problem]:
        here = self._by_address(told)
        if isinstance(here, Problem):
            return [here]
        elsewhere = None if here else self._elsewhere(told)
        if here is None:
            here = self._by_name(told, elsewhere)
        if isinstance(here, Problem):
            return [here]
        person_id = here.person_id if here else elsewhere
        if person_id is not None and person_id == self.actor_id:
            return [Problem(told.row, "name", ONESELF, {})]  # seat-no-double-hat: nobody approves themselves
        if person_id is not None and (first := self._first(told, "person", person_id)) != told.row:
            return [Problem(told.row, "name", TWICE, {"first": first})]
        if here is None:
            self._add(told, elsewhere)
        elif here.state not in _STAYS:
            return [Problem(told.row, "name", NOT_APPROVED, {})]
        else:
            self._change(told, here)
        return []

    def _by_address(self, told: Told) -> ExpertNow | Problem | None:
        """Who in the register has the row's e-mail or phone."""
        experts = self.known.experts
        by_email = experts.get(self.known.emails.get(told.email or "", 0))
        by_phone = experts.get(self.known.phones.get(told.phone or "", 0))
        if by_email and by_phone and by_email is not by_phone:
            return Problem(told.row, "phone", TWO_PEOPLE, {})
        here = by_email or by_phone
        if here and here.name != folded(told.name) and not told.same_person:
            return Problem(told.row, "name", OTHER_NAME, {})
        return here

    def _elsewhere(self, told: Told) -> int | None:
        """Whom Kierto knows by the row's e-mail; by its phone, which people share, only under the same name."""
        if told.email in self.known.emails:
            return self.known.emails[told.email or ""]
        person_id = self.known.phones.get(told.phone or "")
        return person_id if person_id and self.known.names[person_id] == folded(told.name) else None

    def _by_name(self, told: Told, elsewhere: int | None) -> ExpertNow | Problem | None:
        """Who in the register has the row's name and municipality."""
        alike = self.named.get((folded(told.name), told.municipality), [])
        reached = elsewhere is not None or bool(told.email) or self._free(told.phone) is not None
        if told.same_person is False or not alike:
            return Problem(told.row, "email", TELL_APART, {}) if alike and not reached else None
        if len(alike) > 1:
            return Problem(told.row, "name", WHICH_ONE, {})
        if told.same_person or not (reached or alike[0].reached):
            return alike[0]
        return Problem(told.row, "name", MAYBE_TWICE, {})

    def _free(self, phone: str | None) -> str | None:
        """The number, unless it is somebody's already: nobody's own number becomes another's."""
        return phone if phone and phone not in self.known.phones else None

    def _add(self, told: Told, person_id: int | None) -> None:
        self.plan.steps.append(Step(told.row, Act.ADDED))
        self.plan.wanted.append(
            WantedExpert(
                told,
                person_id=person_id,
                email=told.email,
                phone=self._free(told.phone),
                values=told.values,
                consent=told.consent_on is not None,
            )
        )

    def _change(self, told: Told, here: ExpertNow) -> None:
        values = {name: value for name, value in told.values.items() if here.values[name] != value}
        consent = told.consent_on is not None and not here.consented
        fields = (*values, "consent_on") if consent else tuple(values)
        self.plan.steps.append(Step(told.row, Act.CHANGED if fields else Act.UNCHANGED, "", fields))
        if fields:
            wanted = WantedExpert(told, here.id, here.person_id, values=values, consent=consent)
            self.plan.wanted.append(wanted)

    def _repeated(self, told: Told) -> Iterator[Problem]:
        """Who is in the file twice."""
        for column, value in (("email", told.email), ("phone", told.phone)):
            if value and (first := self._first(told, column, value)) != told.row:
                yield Problem(told.row, column, TWICE, {"first": first})
                return
        first = self._first(told, "name", (folded(told.name), told.municipality))
        if first != told.row and told.same_person is not False:
            yield Problem(told.row, "name", TWICE_OR_TWO, {"first": first})

    def _first(self, told: Told, what: str, value: object) -> int:
        """The first row that says this."""
        return self.seen.setdefault((what, value), told.row)

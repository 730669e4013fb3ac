"""What stays while meetings come and go: an organisation, its units and its people, in bulk."""

from dataclasses import dataclass, field
from datetime import datetime

from kierto.actor import Role
from kierto.demo.bulk import names
from kierto.demo.bulk.rows import Rows
from kierto.people.models import Expert, ExpertState, Member, Person
from kierto.units.models import Organisation, Unit
from kierto.words import LANGUAGES

LANGUAGE_WEIGHTS = (86, 9, 5)
MOST_STAFF = 3
REACHED_BY_MAIL = 0.8


@dataclass(frozen=True)
class Share:
    """One organisation's part of the whole; `number` counts the organisations from 1."""

    number: int
    units: int
    experts: int
    meetings: int


@dataclass
class Ground:
    """The ids that meetings are made of. The first of a unit's workers is its host contact."""

    organisation_id: int
    coordinators: list[int] = field(default_factory=list)
    experts: list[int] = field(default_factory=list)
    workers: dict[int, list[int]] = field(default_factory=dict)

    @property
    def units(self) -> list[int]:
        return list(self.workers)


class Settlers:
    """Makes the people of one organisation; `since` is when they all came."""

    def __init__(self, rows: Rows, mark: str, since: datetime) -> None:
        self.rows, self.mark, self.since = rows, mark, since
        self.count = 0

    def settle(self, share: Share, services: dict[str, int]) -> Ground:
        """An organisation with its units, coordinators, workers and experts."""
        ground = Ground(self._organisation(share))
        for _ in range(2):
            ground.coordinators.append(self._member(ground, Role.COORDINATOR))
        self._member(ground, Role.DECISION_MAKER)
        for number in range(share.units):
            unit_id = self._unit(ground, number, services)
            staff = self.rows.random.randint(0, MOST_STAFF)
            roles = [Role.HOST_CONTACT, *(Role.STAFF for _ in range(staff))]
            ground.workers[unit_id] = [self._member(ground, role, unit_id) for role in roles]
        for _ in range(share.experts):
            ground.experts.append(self._expert(ground))
        return ground

    def _organisation(self, share: Share) -> int:
        place = names.place(share.number * len(names.ENDS))
        return self.rows.add(
            Organisation,
            ref=self.rows.ref(),
            name_fi=f"{place}n hyvinvointialue ({self.mark})",
            name_sv=None,
            name_en=None,
            created_at=self.since,
        )

    def _unit(self, ground: Ground, number: int, services: dict[str, int]) -> int:
        service = self.rows.random.choice(list(names.SERVICES))
        return self.rows.add(
            Unit,
            organisation_id=ground.organisation_id,
            ref=self.rows.ref(),
            name_fi=f"{names.place(number)}n {names.SERVICES[service]}",
            name_sv=None,
            name_en=None,
            service_id=services[service],
            municipality=self.rows.random.choice(names.MUNICIPALITIES),
            street_address=f"{names.place(number + 7)}ntie {self.rows.random.randint(1, 90)}",
            version=1,
            created_at=self.since,
            changed_at=self.since,
        )

    def _person(self, ground: Ground) -> int:
        self.count += 1
        name = names.person(self.rows.random)
        mailed = self.rows.random.random() < REACHED_BY_MAIL
        return self.rows.add(
            Person,
            ref=self.rows.ref(),
            name=name,
            email=f"p{ground.organisation_id}.{self.count}@{self.mark}.kierto.example" if mailed else None,
            phone=None,
            language=self.rows.random.choices(LANGUAGES, LANGUAGE_WEIGHTS)[0],
            administrator=False,
            created_at=self.since,
        )

    def _member(self, ground: Ground, role: Role, unit_id: int | None = None) -> int:
        person_id = self._person(ground)
        self.rows.add(
            Member,
            organisation_id=ground.organisation_id,
            person_id=person_id,
            role=role,
            unit_id=unit_id,
            created_at=self.since,
        )
        return person_id

    def _expert(self, ground: Ground) -> int:
        person_id = self._person(ground)
        self.rows.add(
            Expert,
            organisation_id=ground.organisation_id,
            ref=self.rows.ref(),
            person_id=person_id,
            state=ExpertState.APPROVED,
            created_at=self.since,
        )
        return person_id

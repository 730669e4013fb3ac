"""Practices in bulk: agreed in held meetings, arrived at the round's other units, answered by some."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from kierto.demo.bulk import names
from kierto.demo.bulk.ground import Ground
from kierto.demo.bulk.meetings import Made, Meetings
from kierto.demo.bulk.rows import Rows
from kierto.events.catalogue.practices import PracticeAgreed
from kierto.practices.models import Adoption, AdoptionStage, Practice, PracticeText
from kierto.practices.rules import PracticeState, Stage

BORN, STILL_DRAFT, ANSWERED = 0.25, 0.06, 0.6
ANSWERS = ((Stage.TRYING, False), (Stage.TRYING, True), (Stage.DECLINED, False))
"""A stage, and whether the unit changes something."""

ANSWER_WEIGHTS = (60, 20, 20)


class Practices:
    """Makes the practices of one organisation; nothing is answered after `until`."""

    def __init__(self, rows: Rows, ground: Ground, meetings: Meetings, until: datetime) -> None:
        self.rows, self.ground, self.meetings, self.until = rows, ground, meetings, until
        self.random = rows.random

    def make(self, meeting: Made, units: Sequence[int]) -> None:
        """Perhaps a practice of a held meeting, and its way through the round's units."""
        if not meeting.held or self.random.random() > BORN:
            return
        agreed_at = None if self.random.random() < STILL_DRAFT else meeting.starts_at + timedelta(minutes=50)
        contact = self.ground.workers[meeting.unit_id][0]
        experts, workers = self.random.randint(1, 3), self.random.randint(1, 2)
        practice_id = self.rows.add(
            Practice,
            organisation_id=self.ground.organisation_id,
            ref=self.rows.ref(),
            meeting_id=meeting.id,
            unit_id=meeting.unit_id,
            theme_id=meeting.theme_id,
            state=PracticeState.DRAFT if agreed_at is None else PracticeState.AGREED,
            public=meeting.public,
            agreed_at=agreed_at,
            agreed_experts=0 if agreed_at is None else experts,
            agreed_workers=0 if agreed_at is None else workers,
            created_at=meeting.starts_at + timedelta(minutes=40),
        )
        self._text(practice_id, contact, meeting.starts_at + timedelta(minutes=40))
        if agreed_at is None:
            return
        data = PracticeAgreed(meeting_id=meeting.id, experts=experts, workers=workers)
        self.meetings.record(Practice, practice_id, agreed_at, contact, data)
        self._adopt(practice_id, meeting.unit_id, [(Stage.TRYING, agreed_at)], owner_id=contact)
        for unit_id in units:
            if unit_id != meeting.unit_id:
                self._arrive(practice_id, unit_id, agreed_at)

    def _text(self, practice_id: int, written_by: int, written_at: datetime) -> None:
        title, start_doing = names.doing(self.random)
        self.rows.add(
            PracticeText,
            organisation_id=self.ground.organisation_id,
            practice_id=practice_id,
            language="fi",
            title=title,
            start_doing=start_doing,
            how_noticed=self.random.choice(names.HOW_NOTICED),
            written_by=written_by,
            written_at=written_at,
        )

    def _arrive(self, practice_id: int, unit_id: int, at: datetime) -> None:
        stages = [(Stage.ARRIVED, at)]
        answered = at + timedelta(days=self.random.randint(2, 60))
        if answered >= self.until or self.random.random() > ANSWERED:
            self._adopt(practice_id, unit_id, stages)
            return
        stage, changed = self.random.choices(ANSWERS, ANSWER_WEIGHTS)[0]
        self._adopt(
            practice_id,
            unit_id,
            [*stages, (stage, answered)],
            owner_id=self.ground.workers[unit_id][0] if stage is Stage.TRYING else None,
            local_change=self.random.choice(names.CHANGES) if changed else None,
            reason=self.random.choice(names.REASONS) if stage is Stage.DECLINED else None,
        )

    def _adopt(
        self,
        practice_id: int,
        unit_id: int,
        stages: list[tuple[Stage, datetime]],
        *,
        owner_id: int | None = None,
        local_change: str | None = None,
        reason: str | None = None,
    ) -> None:
        adoption_id = self.rows.add(
            Adoption,
            organisation_id=self.ground.organisation_id,
            ref=self.rows.ref(),
            practice_id=practice_id,
            unit_id=unit_id,
            stage=stages[-1][0],
            local_change=local_change,
            reason=reason,
            owner_id=owner_id,
        )
        for stage, at in stages:
            self.rows.add(
                AdoptionStage,
                organisation_id=self.ground.organisation_id,
                adoption_id=adoption_id,
                stage=stage,
                at=at,
            )

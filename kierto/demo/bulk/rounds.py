"""Rounds in bulk: each visits its units once, its meetings at least its gap of days apart."""

from datetime import date, datetime, time, timedelta

from kierto.clock import instant
from kierto.demo.bulk.ground import Ground
from kierto.demo.bulk.meetings import Frame, Made, Meetings
from kierto.demo.bulk.rows import Rows
from kierto.demo.bulk.times import LENGTHS, STARTS, Times
from kierto.events.catalogue.rounds import RoundCreated, RoundOpened
from kierto.rounds.models import Round, RoundState, Stop
from kierto.seats.rules import Mix

UNITS_IN_ROUND = (6, 20)
GAPS = (1, 2, 3, 5, 7, 10)
SEATS = (4, 5, 6, 8)
PUBLIC = 0.85
STILL_WAITING = 2
"""How many units of an open round may not have booked yet."""


class Rounds:
    """Makes the rounds of one organisation, each with its meetings."""

    def __init__(self, rows: Rows, times: Times, ground: Ground, themes: list[tuple[int, str]]) -> None:
        self.rows, self.times, self.ground, self.themes = rows, times, ground, themes
        self.random = rows.random
        self.meetings = Meetings(rows, times, ground)
        self.count = 0

    def make(self, most: int) -> tuple[list[Made], list[int]]:
        """One round of at most so many meetings: the meetings (none where all were taken), and all its units."""
        units = self.ground.units
        size = min(most, len(units), self.random.randint(*UNITS_IN_ROUND))
        waiting = self.random.randint(0, STILL_WAITING)
        chosen = self.random.sample(units, min(len(units), max(size + waiting, 2)))
        gap = self.random.choice([gap for gap in GAPS if gap * size < len(self.times.days) // 2] or [1])
        first = self.random.randrange(max(1, len(self.times.days) - size * (gap + 1)))
        visits = self._visits(chosen[:size], first, gap)
        if not visits:
            return [], []
        self.count += 1
        frame, round_id, ended = self._round(visits, gap)
        made = [self.meetings.make(frame, unit_id, index, slot) for unit_id, index, slot in visits]
        booked = {meeting.unit_id: meeting.id for meeting in made}
        for position, unit_id in enumerate(chosen, start=1):
            self.rows.add(
                Stop,
                organisation_id=self.ground.organisation_id,
                ref=self.rows.ref(),
                round_id=round_id,
                unit_id=unit_id,
                position=position,
                meeting_id=booked.get(unit_id),
                round_ended=ended and unit_id not in booked,
            )
        return made, chosen

    def _visits(self, units: list[int], first: int, gap: int) -> list[tuple[int, int, int]]:
        """Unit, day and start of each meeting; open days that lie `gap` apart are at least as many days apart."""
        found: list[tuple[int, int, int]] = []
        index = first
        for unit_id in units:
            spot = self._free(unit_id, index)
            if spot is None:
                break
            found.append((unit_id, *spot))
            index = spot[0] + gap
        return found

    def _free(self, unit_id: int, index: int) -> tuple[int, int] | None:
        slots = list(range(len(STARTS)))
        while index < len(self.times.days):
            self.random.shuffle(slots)
            for slot in slots:
                if self.times.free(-unit_id, index, slot):
                    return index, slot
            index += 1
        return None

    def _round(self, visits: list[tuple[int, int, int]], gap: int) -> tuple[Frame, int, bool]:
        theme_id, theme = self.random.choice(self.themes)
        first, last = self.times.days[visits[0][1]], self.times.days[visits[-1][1]]
        mix = Mix(self.random.choice((1, 2, 2)), 1)
        frame = Frame(
            organisation_id=self.ground.organisation_id,
            theme_id=theme_id,
            public=self.random.random() < PUBLIC,
            minutes=self.random.choice(LENGTHS),
            mix=mix,
            seats=self.random.choice(SEATS),
        )
        until = last + timedelta(days=14)
        ended = until < self.times.today
        opened = self._opened(first)
        coordinator = self.random.choice(self.ground.coordinators)
        id_ = self.rows.add(
            Round,
            organisation_id=frame.organisation_id,
            ref=self.rows.ref(),
            name_fi=f"Kierros {self.count}: {theme}",
            name_sv=None,
            name_en=None,
            theme_id=theme_id,
            from_on=first - timedelta(days=7),
            until_on=until,
            minutes=frame.minutes,
            mix_experts=mix.experts,
            mix_staff=mix.staff,
            seats=frame.seats,
            gap_days=gap,
            public=frame.public,
            state=RoundState.CLOSED if ended else RoundState.OPEN,
            created_at=opened,
        )
        for event in (RoundCreated(), RoundOpened()):
            self.meetings.record(Round, id_, opened, coordinator, event)
        return frame, id_, ended

    def _opened(self, first: date) -> datetime:
        """Before the first meeting could have been booked."""
        return min(instant(first, time(9)), self.times.midnight) - timedelta(days=60)

"""Rule seat-fair-turn, recomputed from the tables: whom a meeting suits, and whose turn it is."""

from collections.abc import Iterator
from datetime import datetime, time

from tests.stateful.picture import HELSINKI, Picture, Row, day, hosts, overlap

_CAME = ("accepted", "reconfirm", "attended")


def turn(picture: Picture, seat: Row) -> tuple[int, datetime, int]:
    """Fewest meetings in the last 12 months first, then who has been interested longest."""
    today = picture.now.astimezone(HELSINKI)
    year_ago = datetime.combine(today.date().replace(year=today.year - 1), time.min, tzinfo=HELSINKI)
    been = sum(
        one.role == "expert" and meeting.organisation_id == seat.organisation_id and meeting.starts_at >= year_ago
        for one, meeting in _meetings(picture, seat.person_id, but=seat.meeting_id)
    )
    return been, seat.interested_since, seat.id


def suits(picture: Picture, seat: Row) -> bool:
    """Whether the seat's meeting suits its person."""
    meeting = picture.meetings[seat.meeting_id]
    expert = _approved(picture, seat.organisation_id).get(seat.person_id)
    return (
        expert is not None
        and not picture.works_in(seat.person_id, hosts(meeting))
        and _theme_is_theirs(picture, expert, meeting)
        and _within_reach(picture, expert, meeting)
        and _free(picture, expert, meeting)
        and _within_limits(picture, expert, meeting)
    )


def _approved(picture: Picture, organisation_id: int) -> dict[int, Row]:
    return {
        one.person_id: one
        for one in picture.rows("experts")
        if one.organisation_id == organisation_id and one.state == "approved"
    }


def _meetings(picture: Picture, person_id: int, *, but: int) -> Iterator[tuple[Row, Row]]:
    """The person's seats in meetings that they come or came to."""
    for seat in picture.seats.values():
        meeting = picture.meetings[seat.meeting_id]
        if seat.person_id == person_id and seat.state in _CAME and meeting.state != "cancelled" and meeting.id != but:
            yield seat, meeting


def _theme_is_theirs(picture: Picture, expert: Row, meeting: Row) -> bool:
    approved = {one.id for one in _approved(picture, meeting.organisation_id).values()}
    have = {one.expert_id for one in picture.rows("expert_themes") if one.theme_id == meeting.theme_id} & approved
    return not have or expert.id in have


def _within_reach(picture: Picture, expert: Row, meeting: Row) -> bool:
    reach = {one.municipality for one in picture.rows("expert_municipalities") if one.expert_id == expert.id}
    return not reach or picture.tables["units"][meeting.unit_id].municipality in reach


def _free(picture: Picture, expert: Row, meeting: Row) -> bool:
    start, end = (moment.astimezone(HELSINKI) for moment in (meeting.starts_at, meeting.ends_at))
    if any(overlap(meeting, other) for _seat, other in _meetings(picture, expert.person_id, but=meeting.id)):
        return False
    if any(one.person_id == expert.person_id and overlap(meeting, one) for one in picture.rows("busy_spans")):
        return False
    if any(
        one.expert_id == expert.id and one.from_on <= end.date() and start.date() <= one.until_on
        for one in picture.rows("away_dates")
    ):
        return False
    hours = [one for one in picture.rows("available_hours") if one.expert_id == expert.id]
    return not hours or any(
        one.weekday == start.isoweekday() and one.from_at <= start.time() and end.time() <= one.until_at
        for one in hours
    )


def _within_limits(picture: Picture, expert: Row, meeting: Row) -> bool:
    start = meeting.starts_at.astimezone(HELSINKI)
    month = [
        seat
        for seat, other in _meetings(picture, expert.person_id, but=meeting.id)
        if seat.role == "expert" and day(other.starts_at).replace(day=1) == start.date().replace(day=1)
    ]
    rate = picture.rate(meeting.organisation_id, start.year)
    euros = sum(0 if seat.fee_declined else seat.fee_cents or 0 for seat in month) + (rate.fee_cents if rate else 0)
    return (
        (expert.earliest_start is None or start.time() >= expert.earliest_start)
        and (
            expert.longest_minutes is None
            or (meeting.ends_at - meeting.starts_at).total_seconds() <= expert.longest_minutes * 60
        )
        and (expert.most_meetings is None or len(month) < expert.most_meetings)
        and (expert.most_euros is None or euros <= expert.most_euros * 100)
    )

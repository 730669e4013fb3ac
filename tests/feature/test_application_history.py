"""What a coordinator reads of an applicant's history: that they applied, not each answer they gave before."""

from kierto.database import reading, session, writing
from kierto.experts.profile import replace_hours
from kierto.experts.register import history_of
from kierto.people.models import Expert
from tests.cast import Cast
from tests.scenes_applying import applied, filled_in, latest_expert


def told(number: int) -> list[str]:
    with reading():
        return [one.event.kind for one in history_of(session.get_one(Expert, number), 20)]


def test_an_application_is_one_row_and_later_changes_are_their_own(cast: Cast) -> None:
    applied(filled_in(cast))
    expert = latest_expert()
    assert told(expert.id) == ["expert.applied"]
    page = cast.client("coordinator").get(f"/experts/{expert.ref}")
    assert len(page.document.select("section[aria-labelledby=history] li")) == 1
    with writing():
        replace_hours(cast.actor("coordinator"), session.get_one(Expert, expert.id), [])
    assert told(expert.id) == ["expert.times_changed", "expert.applied"]

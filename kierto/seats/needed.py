"""Who a meeting still needs, in words (meeting-mix): pages, the desk and letters say it alike."""

from kierto.meetings.models import Meeting
from kierto.seats.queries import Attendance
from kierto.words import gettext, ngettext


def still_needed(meeting: Meeting, now: Attendance) -> str:
    """The experts and workers that the mix lacks; of two units that meet together, whose worker. Empty: nobody."""
    experts, workers = now.lacking
    units = [unit for unit in (meeting.unit, meeting.co_unit) if unit is not None and unit.id in now.lacking_units]
    named = [gettext("1 worker (%(unit)s)", unit=unit.name) for unit in units]
    any_ = workers - len(named)
    parts = [
        ngettext("%(num)s expert", "%(num)s experts", experts) if experts else "",
        *named,
        ngettext("%(num)s worker of the unit", "%(num)s workers of the unit", any_) if any_ else "",
    ]
    return ", ".join(part for part in parts if part)

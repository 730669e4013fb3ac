"""The meetings that come: as a list, and month by month."""

from calendar import Calendar
from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, current_app, render_template, request

from kierto import clock
from kierto.errors import NotFound
from kierto.meetings.models import Meeting
from kierto.pages.meetings import words
from kierto.pages.meetings.forms import MeetingSearch
from kierto.seats import listing
from kierto.seats import queries as seats
from kierto.units import queries as units
from kierto.web.guard import actor, public
from kierto.words import current
from kierto.words import month as month_name

pages = Blueprint("meetings_listing", __name__)

PAGE = 20
YEARS_BACK, YEARS_AHEAD = 5, 2
"""The months that one can leaf through to; rounds are planned a year ahead."""


@pages.get("/meetings/")
@public
def index() -> str:
    """The coming meetings that the reader may see, day by day; or those of one day."""
    form, on = _search(), words.day_asked(request.args.get("on"))
    after = _last_seen(request.args.get("after"))
    found = listing.listed(actor(), form.filters(on), PAGE + 1, after)
    kept = form.kept | ({"on": on.isoformat()} if on else {})
    last = found[PAGE - 1] if len(found) > PAGE else None
    return render_template(
        "pages/meetings/index.html",
        form=form,
        on=on,
        days=words.by_day(found[:PAGE]),
        kept=_query(kept),
        more=f"/meetings/{_query(kept | {'after': last.ref})}" if last else None,
        begins=after is None,
        month=_query(form.kept | ({"month": words.month_key(on)} if on else {})),
        feed=f"{current_app.config['KIERTO'].base_url}/calendar.ics?lang={current()}",
    )


@pages.get("/meetings/month")
@public
def month() -> str:
    """A month of meetings as a calendar."""
    form, today = _search(), clock.today()
    years = range(today.year - YEARS_BACK, today.year + YEARS_AHEAD + 1)
    first = words.month_asked(request.args.get("month"), years) or today.replace(day=1)
    kept = form.kept
    around = {"before": first - timedelta(days=1), "after": first + timedelta(days=31)}
    return render_template(
        "pages/meetings/month.html",
        form=form,
        called=month_name(first),
        first=first,
        today=today,
        weeks=Calendar().monthdatescalendar(first.year, first.month),
        days=listing.month(actor(), form.filters(), first),
        kept=_query(kept),
        whole=_query({"month": words.month_key(first)}),
        day_list=lambda on: f"/meetings/{_query(kept | {'on': on.isoformat()})}",
        around={
            name: (month_name(day), _query(kept | {"month": words.month_key(day)}))
            for name, day in around.items()
            if day.year in years
        },
    )


def _search() -> MeetingSearch:
    who = actor()
    return MeetingSearch(units.themes(), listing.municipalities(who), lambda place: listing.units_in(who, place))


def _query(kept: dict[str, str]) -> str:
    return f"?{urlencode(kept)}" if kept else ""


def _last_seen(ref: str | None) -> Meeting | None:
    """The meeting that a list goes on after; from the beginning when there is none to be seen."""
    try:
        return seats.meeting(actor(), ref) if ref else None
    except NotFound:
        return None

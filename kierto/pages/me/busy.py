"""Busy times from one's own calendar file: what is kept of it, a new file instead, all of it deleted."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from kierto import clock
from kierto.experts.busy import Fault, Times, Unreadable, read, window
from kierto.experts.busy_times import OwnBusyTimes, keep_busy, own_busy_times, remove_busy
from kierto.experts.calendar_text import MOST_BYTES
from kierto.pages.me.forms import PressForm
from kierto.web.forms import FileField, Form, FormField, Required, ValidationError
from kierto.web.guard import actor, sees, waits
from kierto.web.requests import now_writing
from kierto.words import N_, gettext, lazy_gettext, ngettext

pages = Blueprint("me_busy", __name__, url_prefix="/me/busy")

_MENDING = {
    Fault.NONE: N_("This is not a calendar file. Its name often ends in .ics. See below how to get one."),
    Fault.TOO_LARGE: N_("The file is too large. It can be at most 5 megabytes. Choose one calendar, or fewer months."),
    Fault.TOO_MANY: N_("There are too many events in the file. Choose one calendar, or fewer months."),
    Fault.BROKEN: N_("No event in the file could be read. Fetch the file from your calendar again."),
}


class CalendarForm(Form):
    """A calendar file; once it has been validated, `times` is what it says."""

    file = FileField(
        lazy_gettext("Calendar file"),
        [Required(lazy_gettext("Choose the file first."))],
        description=lazy_gettext("A file of your calendar (.ics), at most 5 megabytes."),
        render_kw={"accept": ".ics,.ical,.ifb,.zip,text/calendar"},
    )
    times = Times((), 0)

    def validate_file(self, field: FormField) -> None:
        """It is read here, while no transaction is open; the file itself goes no further."""
        try:
            self.times = read(field.data.read(MOST_BYTES + 1), window(clock.today()))
        except Unreadable as unreadable:
            raise ValidationError(gettext(_MENDING[unreadable.fault])) from None


@pages.route("", methods=["GET", "POST"])
@waits
@sees(own_busy_times)
def show(kept: OwnBusyTimes) -> ResponseReturnValue:
    """What is kept now, and the form for another file."""
    form = CalendarForm()
    if form.validate_on_submit():
        with now_writing():
            keep_busy(actor(), form.times.spans)
        _tell(form.times)
        return redirect("/me/busy", HTTPStatus.SEE_OTHER)
    return form.page("pages/me/busy.html", kept=kept)


@pages.route("/remove", methods=["GET", "POST"])
@sees(own_busy_times)
def remove(kept: OwnBusyTimes) -> ResponseReturnValue:
    """Asked first; then all of it is deleted."""
    form = PressForm()
    if form.validate_on_submit():
        remove_busy(actor())
        flash(gettext("Your busy times were deleted."), "success")
        return redirect("/me/busy", HTTPStatus.SEE_OTHER)
    return form.page("pages/me/busy_remove.html", kept=kept) if kept.count else redirect("/me/busy")


def _tell(times: Times) -> None:
    count, skipped = len(times.spans), times.skipped
    if count:
        done = ngettext("%(num)s busy time was kept.", "%(num)s busy times were kept.", count)
        then = gettext("You are not asked to meetings then.")
        flash(f"{done} {then}", "success")
    else:
        flash(gettext("The calendar has no busy times in the next 12 months. Nothing of it was kept."), "info")
    if skipped:
        left_out = ngettext(
            "%(num)s event could not be read and was left out.",
            "%(num)s events could not be read and were left out.",
            skipped,
        )
        look = gettext("Look at your days below.")
        flash(f"{left_out} {look}", "warning")

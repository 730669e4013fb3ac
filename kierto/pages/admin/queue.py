"""Messages and long work for administrators: what waits, what failed, whether a worker lives."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from kierto import clock
from kierto.actor import Actor
from kierto.health import WORKER_LATE
from kierto.jobs.queries import not_done, workers
from kierto.messages.queries import mail_backlog
from kierto.messages.queue import piles, retry_failed
from kierto.people import staff
from kierto.policy import ADMINISTER
from kierto.web.forms import Form, HiddenField
from kierto.web.guard import requires
from kierto.words import ngettext

pages = Blueprint("admin_queue", __name__, url_prefix="/admin/queue")

JOBS = 50


class RetryForm(Form):
    """The button that sends failed messages again, and of which kind."""

    kind = HiddenField()


@pages.get("")
@requires(ADMINISTER, of=staff.administering)
def index(_me: Actor) -> ResponseReturnValue:
    """What waits and what has failed."""
    return _page(RetryForm())


@pages.post("/retry")
@requires(ADMINISTER, of=staff.administering)
def retry(me: Actor) -> ResponseReturnValue:
    """Send the failed messages of a kind again."""
    form = RetryForm()
    if form.validate_on_submit():
        with form.refusals():
            sent = retry_failed(me, form.data["kind"] or "")
            flash(ngettext("%(num)s message is sent again.", "%(num)s messages are sent again.", sent), "success")
            return redirect("/admin/queue", HTTPStatus.SEE_OTHER)
    return _page(form)


def _page(form: RetryForm) -> ResponseReturnValue:
    living = workers()
    return form.page(
        "pages/admin/queue.html",
        piles=piles(),
        events=mail_backlog().events,
        jobs=not_done(JOBS),
        workers=living,
        late=not any(one.beat_at > clock.now() - WORKER_LATE for one in living),
    )

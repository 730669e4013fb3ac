"""The page of one piece of long work."""

from typing import NamedTuple

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from kierto.experts import importing as experts
from kierto.jobs import queries as jobs
from kierto.jobs.actions import agree, request_stop
from kierto.jobs.models import Job
from kierto.policy import SAVE_JOB, SEE_JOB, STOP_JOB
from kierto.units import importing as units
from kierto.units import importing_hours as hours
from kierto.web.guard import actor, requires
from kierto.words import N_, gettext

pages = Blueprint("jobs", __name__, url_prefix="/jobs")


class Called(NamedTuple):
    """What a kind of job is called, and the page above it: its address and name."""

    title: str
    above: tuple[str, str]


_KINDS = {
    units.KIND: Called(N_("Import of units"), ("/units/", N_("Units"))),
    hours.KIND: Called(N_("Import of hosting hours"), ("/units/", N_("Units"))),
    experts.KIND: Called(N_("Import of experts"), ("/experts/", N_("Experts"))),
}


@pages.get("/<ref>")
@requires(SEE_JOB, of=jobs.job)
def show(job: Job) -> str:
    """How far the job is, what it would do, what came of it; `templates/pages/jobs/results/` has a part for each."""
    called = _KINDS[job.kind]
    return render_template("pages/jobs/show.html", job=job, title=gettext(called.title), above=called.above)


@pages.post("/<ref>/save")
@requires(SAVE_JOB, of=jobs.job)
def save(job: Job) -> ResponseReturnValue:
    """Say yes to what the job would do; pressed twice, it is saved once."""
    agree(actor(), job)
    return redirect(f"/jobs/{job.ref}")


@pages.post("/<ref>/stop")
@requires(STOP_JOB, of=jobs.job)
def stop(job: Job) -> ResponseReturnValue:
    """Ask the job to stop."""
    request_stop(actor(), job)
    return redirect(f"/jobs/{job.ref}")

"""The page of one piece of long work."""

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
from kierto.web.states import job_called
from kierto.words import N_

pages = Blueprint("jobs", __name__, url_prefix="/jobs")


_ABOVE = {
    units.KIND: ("/units/", N_("Units")),
    hours.KIND: ("/units/", N_("Units")),
    experts.KIND: ("/experts/", N_("Experts")),
}
"""Kind of job → the page above it: its address and name."""


@pages.get("/<ref>")
@requires(SEE_JOB, of=jobs.job)
def show(job: Job) -> str:
    """How far the job is, what it would do, what came of it; `templates/pages/jobs/results/` has a part for each."""
    return render_template("pages/jobs/show.html", job=job, title=job_called(job.kind), above=_ABOVE[job.kind])


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

"""The page of one piece of long work."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from kierto.jobs import queries as jobs
from kierto.jobs.actions import request_stop
from kierto.jobs.models import Job
from kierto.policy import SEE_JOB, STOP_JOB
from kierto.units import importing
from kierto.web.guard import actor, requires
from kierto.words import N_, gettext

pages = Blueprint("jobs", __name__, url_prefix="/jobs")

_TITLES = {importing.KIND: N_("Import of units")}


@pages.get("/<ref>")
@requires(SEE_JOB, of=jobs.job)
def show(job: Job) -> str:
    """How far the job is, and at its end what came of it: `templates/pages/jobs/results/` has a part for each kind."""
    return render_template("pages/jobs/show.html", job=job, title=gettext(_TITLES[job.kind]))


@pages.post("/<ref>/stop")
@requires(STOP_JOB, of=jobs.job)
def stop(job: Job) -> ResponseReturnValue:
    """Ask the job to stop."""
    request_stop(actor(), job)
    return redirect(f"/jobs/{job.ref}")

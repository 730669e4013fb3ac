"""Two entries of one person made one, after a look at what stays and what moves."""

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from kierto.experts import register
from kierto.experts.deciding import tell_apart
from kierto.experts.register import Pair
from kierto.pages.experts.forms import MergeForm
from kierto.policy import MERGE_EXPERTS
from kierto.practices.merging import merge
from kierto.seats.merging import merge_preview
from kierto.web.guard import actor, requires
from kierto.words import gettext

pages = Blueprint("experts_merging", __name__, url_prefix="/experts")


@pages.route("/<ref>/merge/<other>", methods=["GET", "POST"])
@requires(MERGE_EXPERTS, of=register.pair)
def merged(pair: Pair) -> ResponseReturnValue:
    """Side by side what is known of the two; then the second goes into the first."""
    preview = merge_preview(actor(), pair.kept, pair.gone)
    form = MergeForm(preview)
    if form.validate_on_submit():
        with form.refusals():
            merge(actor(), pair.kept, pair.gone, form.contacts)
            flash(gettext("The two are one now."), "success")
            return redirect(f"/experts/{pair.kept.ref}")
    organisation = register.organisation_of(pair.kept)
    return form.page("pages/experts/merge.html", pair=pair, preview=preview, organisation=organisation)


@pages.post("/<ref>/not-the-same/<other>")
@requires(MERGE_EXPERTS, of=register.pair)
def apart(pair: Pair) -> ResponseReturnValue:
    """They are two persons: they are not suggested as one any more."""
    tell_apart(actor(), pair.kept, pair.gone)
    flash(gettext("Noted: they are two different persons."), "success")
    return redirect(f"/experts/{pair.kept.ref}")


@pages.get("/<ref>/not-the-same/<other>")
@requires(MERGE_EXPERTS, of=register.pair)
def back(pair: Pair) -> ResponseReturnValue:
    """Where a press left a page of its own behind."""
    return redirect(f"/experts/{pair.kept.ref}")

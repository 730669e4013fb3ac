"""The register: the list, one expert, and what is shown on request only."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kierto import clock
from kierto.errors import NotFound
from kierto.events.models import Read
from kierto.experts import calling, duplicates, register, secrets
from kierto.experts import queries as experts
from kierto.experts.rules import SECRET_BEHIND_STRONG_ID, ends_soon, may_read_secrets
from kierto.pages.experts.forms import FindForm, PressForm, ThemeForm
from kierto.people.models import Expert
from kierto.people.rules import Move, may_move
from kierto.policy import READ_SECRETS
from kierto.seats import queries as seats
from kierto.units import queries as units
from kierto.units.models import Organisation
from kierto.web.guard import actor, requires, sees
from kierto.words import gettext

pages = Blueprint("experts", __name__, url_prefix="/experts")

PAGE = 50
MEETINGS = 5
HISTORY = 30


@pages.get("/")
@sees(register.coordinated)
def index(organisations: Sequence[Organisation]) -> str:
    """The register by name, searched and filtered as its address says."""
    find = FindForm(register.municipalities(actor()))
    filters = find.filters()
    found = register.listed(actor(), filters, PAGE + 1, after=_last_seen(request.args.get("after")))
    shown = found[:PAGE]
    more = {**find.kept, "after": shown[-1].ref} if len(found) > PAGE else None
    return render_template(
        "pages/experts/index.html",
        experts=shown,
        places=register.places_of(shown),
        total=register.count(actor(), filters),
        next=f"/experts/?{urlencode(more)}" if more else None,
        first=_address(find) if "after" in request.args else None,
        **_around(organisations, find),
    )


@pages.post("/by-theme")
@sees(register.coordinated)
def by_theme(organisations: Sequence[Organisation]) -> ResponseReturnValue:
    """Who has experience of a theme. It tells of health, so it is asked for by a press, and noted for all it shows."""
    readable = secrets.readable(actor(), organisations)
    if not readable:
        flash(gettext(SECRET_BEHIND_STRONG_ID.sentence), "warning")
        return redirect("/experts/")
    themes = {theme.code: theme for theme in units.themes()}
    form = ThemeForm(list(themes.values()))
    find = FindForm(register.municipalities(actor()))
    if not form.validate_on_submit():
        return form.page("pages/experts/by_theme.html", theme=None, experts=[], **_around(organisations, find))
    theme = themes[form.theme.data]
    filters = find.filters(theme.id, readable)
    found = register.listed(actor(), filters, PAGE + 1, after=_last_seen(request.form.get("after")))
    shown = found[:PAGE]
    return form.page(
        "pages/experts/by_theme.html",
        theme=theme,
        experts=shown,
        places=register.places_of(shown),
        told=secrets.read_themes(actor(), shown),
        total=register.count(actor(), filters),
        more=shown[-1].ref if len(found) > PAGE else None,
        **_around(organisations, find),
    )


@pages.get("/by-theme")
@sees(register.coordinated)
def back_from_theme(_organisations: Sequence[Organisation]) -> ResponseReturnValue:
    """Where a list by theme was left behind: it is never shown by its address alone."""
    return redirect("/experts/")


@pages.get("/<ref>")
@sees(register.expert)
def show(expert: Expert) -> ResponseReturnValue:
    """Everything the register knows of an expert, but what is told of health: that is shown on request."""
    return _page(expert)


@pages.post("/<ref>/show")
@requires(READ_SECRETS, of=register.expert)
def reveal(expert: Expert) -> ResponseReturnValue:
    """Show themes, what to arrange or own words, and note that they were read."""
    what = request.form.get("what")
    form = PressForm()
    with form.refusals():
        if what == Read.THEMES:
            return _page(expert, themes=secrets.read_themes(actor(), [expert]).get(expert.id, []))
        if what == Read.NEEDS:
            return _page(expert, needs=secrets.read_needs(actor(), expert))
        if what == Read.OWN_WORDS:
            return _page(expert, own_words=secrets.read_own_words(actor(), expert))
    if form.refused:
        flash(form.faults[0].message, "warning")
    return redirect(f"/experts/{expert.ref}")


@pages.get("/<ref>/show")
@sees(register.expert)
def back(expert: Expert) -> ResponseReturnValue:
    """Where a press left a page of its own behind (its language was then switched)."""
    return redirect(f"/experts/{expert.ref}")


def _page(expert: Expert, **revealed: Any) -> ResponseReturnValue:
    organisation = register.organisation_of(expert)
    consents = experts.consents_of(expert.id)
    typed = experts.typed_addresses([expert.id])
    return render_template(
        "pages/experts/show.html",
        expert=expert,
        organisation=organisation,
        own=expert.person_id == actor().person_id,
        moves={move.value for move in Move if may_move(expert.state, move)},
        typed=typed.get(expert.id),
        call_needed=expert.id in calling.unsure(typed),
        may_read=may_read_secrets(actor(), organisation.weak_reading_reason),
        told={
            "themes": experts.any_theme(expert.id),
            "needs": experts.needs_of(expert.id) is not None,
            "own_words": expert.own_words is not None,
        },
        revealed=revealed,
        consents=consents,
        contact_shown=register.contact_shown(expert, consents),
        places=experts.municipalities_of(expert.id),
        hours=experts.hours_of(expert.id),
        away=experts.away_of(expert.id),
        contract_ends=ends_soon(expert.contract_until, clock.today()),
        contract_ended=expert.contract_until is not None and expert.contract_until < clock.today(),
        coming=seats.seats_as_expert(expert, coming=True, limit=MEETINGS),
        held=seats.seats_as_expert(expert, coming=False, limit=MEETINGS),
        history=register.history_of(expert, HISTORY),
        duplicates=duplicates.duplicates_of(actor(), expert),
    )


def _around(organisations: Sequence[Organisation], find: FindForm) -> dict[str, Any]:
    """What both lists show around themselves."""
    return {
        "organisations": {organisation.id: organisation for organisation in organisations},
        "organisation": organisations[0],
        "find": find,
        "by_theme": f"/experts/by-theme?{urlencode(find.kept)}" if find.kept else "/experts/by-theme",
        "theme_form": ThemeForm(units.themes()) if secrets.readable(actor(), organisations) else None,
    }


def _address(find: FindForm) -> str:
    return f"/experts/?{urlencode(find.kept)}" if find.kept else "/experts/"


def _last_seen(ref: str | None) -> Expert | None:
    """The expert that a list goes on after; from the beginning when there is none to be seen."""
    try:
        return register.expert(actor(), ref) if ref else None
    except NotFound:
        return None

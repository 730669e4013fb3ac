"""What may tell of one's health: written and replaced in any session, shown only in a strongly identified one.

Rule secret-behind-strong-id.
"""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from kierto.events.actions import note_reading
from kierto.events.models import Read
from kierto.experts import queries
from kierto.experts.consents import give_consent, replace_needs, replace_themes
from kierto.experts.models import ConsentTo
from kierto.experts.profile import write_own_words
from kierto.experts.queries import Register
from kierto.pages.me.forms import NeedsForm, ThemesForm, WordsForm
from kierto.policy import READ_OWN_SECRETS
from kierto.units import queries as units
from kierto.web.guard import actor, requires, sees
from kierto.words import gettext

pages = Blueprint("me_secrets", __name__, url_prefix="/me")


@pages.route("/themes/<ref>", methods=["GET", "POST"])
@sees(queries.own_place)
def themes(register: Register) -> ResponseReturnValue:
    """What one's experience is about; the button is the consent (theme-consent)."""
    form = ThemesForm(units.themes())
    if form.validate_on_submit():
        with form.refusals():
            give_consent(actor(), register.expert, ConsentTo.THEMES)
            replace_themes(actor(), register.expert, form.theme_ids)
            return _saved(f"/me/themes/{register.expert.ref}")
    return _themes_page(register, form)


@pages.post("/themes/<ref>/show")
@requires(READ_OWN_SECRETS, of=queries.own_place)
def show_themes(register: Register) -> ResponseReturnValue:
    """Show them, to be read or changed."""
    note_reading(actor(), register.expert.organisation_id, register.expert.person_id, Read.THEMES)
    chosen = queries.themes_of(register.expert.id)
    return _themes_page(register, ThemesForm(units.themes(), chosen), shown=True)


@pages.route("/needs/<ref>", methods=["GET", "POST"])
@sees(queries.own_place)
def needs(register: Register) -> ResponseReturnValue:
    """What to arrange for one, never why; the button is the consent."""
    form = NeedsForm()
    if form.validate_on_submit():
        with form.refusals():
            give_consent(actor(), register.expert, ConsentTo.NEEDS)
            replace_needs(actor(), register.expert, form.text.data or "")
            return _saved(f"/me/needs/{register.expert.ref}")
    return _needs_page(register, form)


@pages.post("/needs/<ref>/show")
@requires(READ_OWN_SECRETS, of=queries.own_place)
def show_needs(register: Register) -> ResponseReturnValue:
    """Show it, to be read or changed."""
    note_reading(actor(), register.expert.organisation_id, register.expert.person_id, Read.NEEDS)
    return _needs_page(register, NeedsForm(queries.needs_of(register.expert.id)), shown=True)


@pages.route("/words/<ref>", methods=["GET", "POST"])
@sees(queries.own_place)
def words(register: Register) -> ResponseReturnValue:
    """Something else about oneself, in one's own words."""
    form = WordsForm()
    if form.validate_on_submit():
        with form.refusals():
            write_own_words(actor(), register.expert, form.text.data or "")
            return _saved(f"/me/words/{register.expert.ref}")
    return _words_page(register, form)


@pages.post("/words/<ref>/show")
@requires(READ_OWN_SECRETS, of=queries.own_place)
def show_words(register: Register) -> ResponseReturnValue:
    """Show them, to be read or changed."""
    note_reading(actor(), register.expert.organisation_id, register.expert.person_id, Read.OWN_WORDS)
    return _words_page(register, WordsForm(register.expert.own_words), shown=True)


@pages.post("/words/<ref>/delete")
@sees(queries.own_place)
def delete_words(register: Register) -> ResponseReturnValue:
    """Delete them; no consent of their own hangs on them."""
    write_own_words(actor(), register.expert, "")
    flash(gettext("It was deleted."), "success")
    return redirect(f"/me/words/{register.expert.ref}")


@pages.get("/themes/<ref>/show")
@pages.get("/needs/<ref>/show")
@pages.get("/words/<ref>/show")
@sees(queries.own_place)
def back(_register: Register) -> ResponseReturnValue:
    """Where a press left a page of its own behind (its language was then switched): it is asked for anew."""
    return redirect(request.path.removesuffix("/show"))


def _themes_page(register: Register, form: ThemesForm, *, shown: bool = False) -> ResponseReturnValue:
    consent = queries.valid_consent(register.expert.id, ConsentTo.THEMES)
    since = consent.given_at if consent and queries.any_theme(register.expert.id) else None
    return form.page("pages/me/themes.html", since=since, **_context(register, shown))


def _needs_page(register: Register, form: NeedsForm, *, shown: bool = False) -> ResponseReturnValue:
    stored = queries.needs_of(register.expert.id)
    return form.page("pages/me/needs.html", since=stored.changed_at if stored else None, **_context(register, shown))


def _words_page(register: Register, form: WordsForm, *, shown: bool = False) -> ResponseReturnValue:
    return form.page("pages/me/words.html", stored=bool(register.expert.own_words), **_context(register, shown))


def _context(register: Register, shown: bool) -> dict[str, object]:
    return {
        "register": register,
        "shown": shown,
        "may_show": READ_OWN_SECRETS.allows(actor(), register),
    }


def _saved(address: str) -> ResponseReturnValue:
    flash(gettext("Saved."), "success")
    return redirect(address)

"""The words that all organisations share: kinds of service and themes, added and renamed by administrators."""

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from kierto.meetings.actions import rename_theme
from kierto.policy import ADMINISTER
from kierto.units import queries as units
from kierto.units.models import Service, Theme
from kierto.units.queries import Vocabulary
from kierto.units.vocabulary import add_service, add_theme, rename_service
from kierto.web.forms import Form, Length, Required, StringField
from kierto.web.guard import actor, requires
from kierto.words import Localised, gettext, lazy_gettext

pages = Blueprint("admin_vocabulary", __name__, url_prefix="/admin/vocabulary")

_NAME = Length(max=200)


class WordForm(Form):
    """A word in all three languages: pages in each of them show it."""

    name_fi = StringField(lazy_gettext("In Finnish"), [Required(), _NAME], render_kw={"lang": "fi"})
    name_sv = StringField(lazy_gettext("In Swedish"), [Required(), _NAME], render_kw={"lang": "sv"})
    name_en = StringField(lazy_gettext("In English"), [Required(), _NAME], render_kw={"lang": "en"})

    def __init__(self, word: Service | Theme | None = None) -> None:
        name = word.name if word else Localised("")
        super().__init__(data={"name_fi": name.fi, "name_sv": name.sv, "name_en": name.en})

    @property
    def name(self) -> Localised:
        """What was written; ask only a valid form."""
        given = (" ".join(self.data[f"name_{language}"].split()) for language in ("fi", "sv", "en"))
        return Localised(*given)


@pages.get("")
@requires(ADMINISTER, of=units.vocabulary)
def index(words: Vocabulary) -> str:
    """Both vocabularies."""
    return render_template("pages/admin/vocabulary.html", words=words)


@pages.route("/services/new", methods=["GET", "POST"])
@requires(ADMINISTER, of=units.vocabulary)
def new_service(_words: Vocabulary) -> ResponseReturnValue:
    """Add a kind of service."""
    form = WordForm()
    if form.validate_on_submit():
        with form.refusals():
            add_service(actor(), form.name)
            flash(gettext("The kind of service was added."), "success")
            return redirect("/admin/vocabulary")
    return form.page("pages/admin/word.html", title=gettext("Add a kind of service"))


@pages.route("/themes/new", methods=["GET", "POST"])
@requires(ADMINISTER, of=units.vocabulary)
def new_theme(_words: Vocabulary) -> ResponseReturnValue:
    """Add a theme."""
    form = WordForm()
    if form.validate_on_submit():
        with form.refusals():
            add_theme(actor(), form.name)
            flash(gettext("The theme was added."), "success")
            return redirect("/admin/vocabulary")
    return form.page("pages/admin/word.html", title=gettext("Add a theme"))


@pages.route("/services/<code>", methods=["GET", "POST"])
@requires(ADMINISTER, of=units.service)
def service(service: Service) -> ResponseReturnValue:
    """Rename a kind of service."""
    form = WordForm(service)
    if form.validate_on_submit():
        with form.refusals():
            rename_service(actor(), service, form.name)
            flash(gettext("The kind of service was renamed."), "success")
            return redirect("/admin/vocabulary")
    return form.page("pages/admin/word.html", title=gettext("Rename a kind of service"))


@pages.route("/themes/<code>", methods=["GET", "POST"])
@requires(ADMINISTER, of=units.theme)
def theme(theme: Theme) -> ResponseReturnValue:
    """Rename a theme; calendars show the new name too."""
    form = WordForm(theme)
    if form.validate_on_submit():
        with form.refusals():
            rename_theme(actor(), theme, form.name)
            flash(gettext("The theme was renamed."), "success")
            return redirect("/admin/vocabulary")
    return form.page("pages/admin/word.html", title=gettext("Rename a theme"))

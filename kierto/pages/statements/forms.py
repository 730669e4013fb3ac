"""Forms of feedback on accessibility and its answer, of an organisation's own texts, of how long data is kept."""

from collections.abc import Mapping, Sequence

from kierto.errors import Refused
from kierto.people.addresses import plain_email, plain_phone
from kierto.privacy.rules import KEPT, MONTHS_FROM, MONTHS_TO, DataKind
from kierto.statements.actions import Obstacle
from kierto.units.models import Organisation
from kierto.web.forms import (
    Form,
    FormField,
    IntegerField,
    Length,
    NumberRange,
    Optional,
    Required,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from kierto.words import LANGUAGES, Language, current, gettext, lazy_gettext


class ObstacleForm(Form):
    """What was hard, where, whose page it was, where to reply."""

    text = TextAreaField(
        lazy_gettext("What was hard?"),
        [Required(lazy_gettext("Tell in your own words what was hard.")), Length(max=4000)],
        description=lazy_gettext(
            "What did you try to do, and what happened? You need not tell anything of your health."
        ),
        render_kw={"rows": 5},
    )
    where = StringField(
        lazy_gettext("On which page?"),
        [Optional(), Length(max=300)],
        description=lazy_gettext("The address, or what the page is about."),
    )
    organisation = SelectField(lazy_gettext("Whose meetings or units was it about?"), [Optional()])
    reply_to = StringField(
        lazy_gettext("Where do we answer?"),
        [Optional(), Length(max=254)],
        description=lazy_gettext("An e-mail address or a phone number. Without it you get no answer."),
        render_kw={"autocomplete": "email", "spellcheck": "false"},
    )

    def __init__(self, organisations: Sequence[Organisation], chosen: Organisation | None, page: str) -> None:
        super().__init__(data={"where": page[:300], "organisation": chosen.ref if chosen else ""})
        self.organisations = {one.ref: one.id for one in organisations}
        self.organisation.choices = [
            ("", gettext("I do not know")),
            *((one.ref, str(one.name)) for one in organisations),
        ]

    def validate_reply_to(self, field: FormField) -> None:
        """Kept as it is written everywhere else, so that it is found when its person is erased."""
        if field.data:
            try:
                field.data = plain_email(field.data) if "@" in field.data else plain_phone(field.data)
            except Refused as fault:
                raise ValidationError(gettext(fault.message)) from fault

    @property
    def obstacle(self) -> Obstacle:
        """What was told; ask only a valid form."""
        given = self.data
        return Obstacle(
            text=given["text"],
            page=given["where"] or None,
            organisation_id=self.organisations.get(given["organisation"]),
            reply_to=given["reply_to"] or None,
            language=current(),
        )


class AnswerForm(Form):
    """The answer to an obstacle."""

    answer = TextAreaField(
        lazy_gettext("Your answer"),
        [Required(lazy_gettext("Write what has been done, or what will be done and when.")), Length(max=4000)],
        description=lazy_gettext(
            "What was done, or what will be done and when. If nothing can be done: why, and what helps."
        ),
        render_kw={"rows": 8},
    )


class OwnTextForm(Form):
    """What an organisation adds to a statement, in each language."""

    fi = TextAreaField(lazy_gettext("In Finnish"), [Optional(), Length(max=20000)], render_kw={"lang": "fi", "rows": 8})
    sv = TextAreaField(lazy_gettext("In Swedish"), [Optional(), Length(max=20000)], render_kw={"lang": "sv", "rows": 8})
    en = TextAreaField(lazy_gettext("In English"), [Optional(), Length(max=20000)], render_kw={"lang": "en", "rows": 8})

    @property
    def texts(self) -> dict[Language, str]:
        return {language: self.data[language] or "" for language in LANGUAGES}


class RetentionForm(Form):
    """How many months each kind of data is kept."""

    @property
    def months(self) -> dict[DataKind, int]:
        """Ask only a valid form."""
        return {kind: self.data[kind.value] for kind in DataKind}


def retention_form(kept: Mapping[DataKind, int]) -> RetentionForm:
    """The form over what is kept now, each kind with the reason for its time."""
    fields: dict[str, object] = {
        kind.value: IntegerField(
            gettext("%(what)s, in months", what=gettext(KEPT[kind].what)),
            [Required(), NumberRange(MONTHS_FROM, MONTHS_TO)],
            default=months,
            description=f"{gettext(KEPT[kind].reason)} "
            + gettext("Usual: %(months)s months.", months=KEPT[kind].months),
        )
        for kind, months in kept.items()
    }
    form: RetentionForm = type("RetentionForm", (RetentionForm,), fields)()
    return form

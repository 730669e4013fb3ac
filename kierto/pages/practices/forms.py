"""Forms of practices: writing one down, agreeing it, answering one that has arrived."""

from datetime import UTC, datetime

from kierto.practices.actions import Wording
from kierto.practices.models import Adoption, Practice, PracticeText
from kierto.practices.rules import Answer
from kierto.web.forms import (
    Form,
    HiddenField,
    IntegerField,
    Length,
    NumberRange,
    RadioField,
    Required,
    StringField,
    TextAreaField,
)
from kierto.web.rendering import LANGUAGES
from kierto.words import current, lazy_gettext

LONGEST_TEXT = 2000
LONGEST_WORDS = 500
MOST_PEOPLE = 200


class ReadForm(Form):
    """A form on what was read: it says which text that was, so that a newer one is seen first."""

    read = HiddenField()

    def read_anew(self, text: PracticeText) -> None:
        """Whoever sends the form again has seen the text as it is now."""
        self.read.data = text.written_at.isoformat()

    @property
    def read_at(self) -> datetime:
        """When the text was written that was read; long ago when the form does not say."""
        try:
            return datetime.fromisoformat(self.read.data or "").astimezone(UTC)
        except ValueError:
            return datetime.min.replace(tzinfo=UTC)


class WordingForm(ReadForm):
    """A practice's name and the two questions, in one language."""

    title = StringField(
        lazy_gettext("Name of the practice"),
        [Required(), Length(max=120)],
        description=lazy_gettext("Short, so that others remember it. For example: A call the day before."),
    )
    start_doing = TextAreaField(
        lazy_gettext("What do we start doing?"),
        [Required(), Length(max=LONGEST_TEXT)],
        description=lazy_gettext(
            "So that another unit understands it without having been there. No names, no personal stories."
        ),
        render_kw={"rows": 5},
    )
    how_noticed = TextAreaField(
        lazy_gettext("How will we notice that it works?"),
        [Required(), Length(max=LONGEST_TEXT)],
        description=lazy_gettext("What clients say, what we count, or what we no longer hear."),
        render_kw={"rows": 3},
    )
    language = RadioField(
        lazy_gettext("Which language did you write in?"), [Required()], choices=list(LANGUAGES.items())
    )

    @classmethod
    def empty(cls) -> "WordingForm":
        """In the language that the page is read in."""
        return cls(data={"language": current()})

    @classmethod
    def of(cls, text: PracticeText) -> "WordingForm":
        """With a text that is to be written anew."""
        return cls(obj=text, read=text.written_at.isoformat())

    @property
    def wording(self) -> Wording:
        """What was written; ask only a valid form."""
        return Wording(
            self.language.data, self.title.data or "", self.start_doing.data or "", self.how_noticed.data or ""
        )


class AgreeForm(ReadForm):
    """How many of each role agree (rule practice-from-meeting)."""

    @classmethod
    def of(cls, practice: Practice) -> "AgreeForm":
        """On the text that the page shows."""
        return cls(read=practice.text().written_at.isoformat())

    experts = IntegerField(
        lazy_gettext("How many experts agree?"),
        [Required(), NumberRange(0, MOST_PEOPLE)],
        description=lazy_gettext("Of those who are at the meeting."),
    )
    workers = IntegerField(
        lazy_gettext("How many workers agree?"),
        [Required(), NumberRange(0, MOST_PEOPLE)],
        description=lazy_gettext("Workers who visit from another unit count too."),
    )

    @property
    def counts(self) -> tuple[int, int]:
        """Experts and workers; ask only a valid form."""
        assert self.experts.data is not None
        assert self.workers.data is not None
        return self.experts.data, self.workers.data


class AnswerForm(Form):
    """What a unit says to a practice that has arrived (rule adoption-answer)."""

    answer = RadioField(
        lazy_gettext("What does your unit say?"),
        [Required(lazy_gettext("Choose one of the three answers."))],
        choices=[
            (Answer.TRY.value, lazy_gettext("We try it")),
            (Answer.ADAPT.value, lazy_gettext("We change it a little and try it")),
            (Answer.DECLINE.value, lazy_gettext("It is not for us")),
        ],
    )
    words = TextAreaField(
        lazy_gettext("What do you change, or why is it not for you?"),
        [Length(max=LONGEST_WORDS)],
        description=lazy_gettext(
            "You may leave this empty when you try it as it is. This may be seen by anyone, so no names."
        ),
        render_kw={"rows": 2},
    )

    @classmethod
    def to(cls, adoption: Adoption) -> "AnswerForm":
        """One of several on a page, so its fields carry the adoption's mark."""
        return cls(prefix=f"to-{adoption.ref}")

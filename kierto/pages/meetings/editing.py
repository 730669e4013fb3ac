"""What a meeting's page tells beside time and people: room, description, remote link, who may see it."""

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from kierto.meetings.editing import MeetingDetails, edit_meeting
from kierto.meetings.models import Meeting
from kierto.policy import EDIT_MEETING, coordinates
from kierto.seats import queries as seats
from kierto.web.forms import BooleanField, Form, Length, Optional, StringField, TextAreaField
from kierto.web.guard import actor, requires
from kierto.words import gettext, lazy_gettext

pages = Blueprint("meetings_editing", __name__, url_prefix="/meetings")


class DetailsForm(Form):
    """What is told of a meeting. Whether it is public is the coordinator's to say."""

    room = StringField(
        lazy_gettext("Room"),
        [Optional(), Length(max=100)],
        description=lazy_gettext("As it reads on the door, with the floor."),
    )
    description = TextAreaField(
        lazy_gettext("What happens in the meeting?"),
        [Optional(), Length(max=2000)],
        description=lazy_gettext("Use short sentences. Write nothing about people."),
        render_kw={"rows": 5},
    )
    remote_link = StringField(
        lazy_gettext("Remote link"),
        [Optional(), Length(max=500)],
        description=lazy_gettext(
            "Those who come see it on the page from 24 hours before. We do not send it to anyone."
        ),
        render_kw={"type": "url", "autocomplete": "off", "spellcheck": "false"},
    )
    dial_in = StringField(
        lazy_gettext("Phone number for calling in"),
        [Optional(), Length(max=100)],
        description=lazy_gettext("With the code, if one is asked for. It is shown together with the link."),
        render_kw={"autocomplete": "off"},
    )
    public = BooleanField(
        lazy_gettext("Anyone may see the meeting"),
        description=lazy_gettext("It is on the public list once it is confirmed. Names are never there."),
    )

    def __init__(self, meeting: Meeting, *, decides_public: bool) -> None:
        super().__init__(data=vars(MeetingDetails.of(meeting)))
        self._public = meeting.public
        if not decides_public:
            del self.public

    @property
    def details(self) -> MeetingDetails:
        """What was filled in."""
        data = self.data
        return MeetingDetails(
            room=data["room"] or None,
            description=data["description"] or None,
            remote_link=data["remote_link"] or None,
            dial_in=data["dial_in"] or None,
            public=data.get("public", self._public),
        )


@pages.route("/<ref>/edit", methods=["GET", "POST"])
@requires(EDIT_MEETING, of=seats.meeting)
def edit(meeting: Meeting) -> ResponseReturnValue:
    """Change what is told; calendars follow."""
    form = DetailsForm(meeting, decides_public=coordinates(actor(), meeting))
    if form.validate_on_submit():
        with form.refusals():
            edit_meeting(actor(), meeting, form.details)
        if not form.refused:
            flash(gettext("Saved. Calendars that follow the meeting change by themselves."), "success")
            return redirect(f"/meetings/{meeting.ref}")
    return form.page("pages/meetings/edit.html", meeting=meeting)

"""The log of what happened, for administrators: who did what and when, never more than the event holds."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from kierto.actor import Actor
from kierto.events import queries
from kierto.events.models import Event
from kierto.events.saying import by_topic, said
from kierto.people import staff
from kierto.people.queries import person_with_ref
from kierto.policy import ADMINISTER
from kierto.privacy import log
from kierto.privacy.queries import organisations
from kierto.units.models import Organisation
from kierto.web.forms import DateField, HiddenField, Optional, SearchForm, SelectField
from kierto.web.guard import requires
from kierto.words import gettext, lazy_gettext

pages = Blueprint("admin_events", __name__, url_prefix="/admin/events")

SHOWN = 50
NONE = "none"
"""What happened outside all organisations."""


class LogSearch(SearchForm):
    """What of the log to show. `actor` and `before` stand in the addresses of the page's links."""

    organisation = SelectField(lazy_gettext("Organisation"))
    kind = SelectField(lazy_gettext("What happened"))
    day = DateField(lazy_gettext("Day"), [Optional()])
    actor = HiddenField()
    before = HiddenField()

    def __init__(self, there: Sequence[Organisation]) -> None:
        self.there = {NONE: queries.OUTSIDE} | {one.ref: one.id for one in there}
        names = [(one.ref, str(one.name)) for one in there]
        self.organisations = [("", gettext("All")), (NONE, gettext("Outside organisations")), *names]
        super().__init__()

    def validate(self, extra_validators: Any = None) -> bool:
        """The choices are known before anything is read."""
        self.organisation.choices = self.organisations
        self.kind.choices = {gettext("Everything"): [("", gettext("All"))]} | by_topic()
        return super().validate(extra_validators)

    def wanted(self, actor_id: int | None) -> queries.Asked:
        day, before = self.day.data, self.chosen("before")
        return queries.Asked(
            organisation_id=self.there.get(self.chosen("organisation") or ""),
            kind=self.chosen("kind"),
            day=day if isinstance(day, date) else None,
            actor_id=actor_id,
            before=int(before) if before and before.isdecimal() else None,
        )


@pages.get("")
@requires(ADMINISTER, of=staff.administering)
def index(me: Actor) -> str:
    """The log, newest first, a page at a time."""
    there = organisations()
    search = LogSearch(there)
    who = person_with_ref(request.args.get("actor", ""))
    events = queries.log(search.wanted(who.id if who else None), SHOWN + 1)
    shown = events[:SHOWN]
    kept = search.kept | ({"actor": who.ref} if who else {})
    return render_template(
        "pages/admin/events.html",
        search=search,
        who=log.doers(me, [who.id]).get(who.id) if who else None,
        told=_told(me, shown, there),
        filtered=bool(kept),
        first=_address(kept) if search.chosen("before") else None,
        next=_address(kept | {"before": str(shown[-1].id)}) if len(events) > SHOWN else None,
    )


def _told(me: Actor, events: Sequence[Event], there: Sequence[Organisation]) -> list[dict[str, Any]]:
    doers = log.doers(me, (event.actor_id for event in events if event.actor_id is not None))
    organisations_ = {one.id: one for one in there}
    return [
        {
            "at": event.at,
            "what": said(event),
            "about": about,
            "actor": doers.get(event.actor_id) if event.actor_id is not None else None,
            "organisation": organisations_.get(event.organisation_id),
        }
        for event, about in zip(events, log.about(me, events), strict=True)
    ]


def _address(kept: dict[str, str]) -> str:
    return f"/admin/events?{urlencode(kept)}" if kept else "/admin/events"

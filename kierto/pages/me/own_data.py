"""The words of `data.html`: what each name of `data.json` is called, and its values as people say them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from kierto import clock
from kierto.actor import Identified, Role
from kierto.events.models import Read
from kierto.events.saying import called
from kierto.experts.models import ConsentGiven, ConsentTo
from kierto.jobs.models import JobState
from kierto.messages.models import MessageState
from kierto.people.models import ExpertState
from kierto.people.words import role_name
from kierto.privacy.rules import KEPT, DataKind
from kierto.privacy.traces import ByWhom
from kierto.seats.rules import Answered, SeatRole, SeatState
from kierto.sign_in.models import Channel, SessionBy
from kierto.web.rendering import LANGUAGES
from kierto.web.states import described, job_called
from kierto.words import N_, day_long, euros, gettext, moment, weekday

LABELS = {
    "accepted_at": N_("Accepted"),
    "address": N_("Address"),
    "administrator": N_("Administrator of Kierto"),
    "answer": N_("Answer"),
    "answered": N_("How you answered"),
    "answered_at": N_("Answered"),
    "answered_by_yourself": N_("Answered by you"),
    "answers": N_("Answers"),
    "applications": N_("Applications"),
    "applications_begun": N_("Applications you have begun"),
    "applications_with_your_address": N_("Applications in which your address was given"),
    "asked_first": N_("Asked before others"),
    "at": N_("When"),
    "away": N_("Days away"),
    "busy_times": N_("Busy times from your calendar"),
    "by": N_("Who"),
    "by_whom": N_("Who did it"),
    "by_yourself": N_("Done by you"),
    "call_wanted_at": N_("Asked for a call"),
    "call_wished": N_("You wish to be called"),
    "cancellation_cents": N_("Paid when cancelled late"),
    "cancelled_at": N_("Cancelled"),
    "changed_addresses": N_("Changed addresses"),
    "changed_at": N_("Changed"),
    "channel": N_("Way"),
    "claimed_at": N_("Address confirmed"),
    "companions": N_("Come along with you"),
    "consent": N_("Consent"),
    "consents": N_("Consents"),
    "contract_until": N_("Contract until"),
    "created_at": N_("Made"),
    "days": N_("Days of the week"),
    "decided_at": N_("Decided"),
    "decision_words": N_("What the coordinator wrote"),
    "device": N_("Device"),
    "done_at": N_("Done"),
    "due_on": N_("Due"),
    "earliest_start": N_("Earliest start"),
    "email": N_("E-mail address"),
    "email_proved_at": N_("E-mail address confirmed"),
    "ended_at": N_("Ended"),
    "ends_at": N_("Ends"),
    "expert": N_("In the register of experts"),
    "expires_at": N_("Works until"),
    "fee_cents": N_("Fee"),
    "fee_declined": N_("Without a fee"),
    "fee_wish": N_("Wish about the fee"),
    "feedback": N_("Feedback on accessibility"),
    "file_name": N_("File"),
    "files": N_("Files you have sent"),
    "finished_at": N_("Ready"),
    "from": N_("Begins"),
    "from_at": N_("Begins"),
    "given": N_("How it was given"),
    "given_at": N_("Given"),
    "home_base": N_("Home base"),
    "hours": N_("When you can come"),
    "how": N_("How"),
    "how_noticed": N_("How will we notice?"),
    "identified": N_("How surely you were known"),
    "inducted_on": N_("Induction"),
    "interested_since": N_("Interested since"),
    "invitations": N_("Invitations to you"),
    "issuer": N_("Whose sign-in"),
    "kind": N_("Kind"),
    "known_since": N_("Known since"),
    "language": N_("Language"),
    "languages": N_("Languages"),
    "left_out": N_("Left out of this copy"),
    "links": N_("Links sent"),
    "longest_minutes": N_("Longest meeting in minutes"),
    "meeting": N_("Meeting"),
    "messages": N_("Messages to you"),
    "most_euros": N_("Most euros a month"),
    "most_meetings": N_("Most meetings a month"),
    "municipalities": N_("Municipalities"),
    "municipality": N_("Municipality"),
    "name": N_("Name"),
    "needs": N_("What to arrange for you"),
    "needs_consent": N_("Consent to what to arrange"),
    "new_confirmed_at": N_("Confirmed at the new address"),
    "not_the_same_as_others": N_("Others you are not, as a coordinator has said"),
    "offered_until": N_("Offered until"),
    "old_confirmed_at": N_("Confirmed at the old address"),
    "on": N_("Day"),
    "organisation": N_("Organisation"),
    "organisations": N_("In organisations"),
    "own_words": N_("In your own words"),
    "page": N_("Page"),
    "paid_by": N_("Who pays"),
    "paper_passes": N_("Paper passes"),
    "parts": N_("Parts of the day"),
    "passed_at": N_("Offer passed by"),
    "person": N_("You"),
    "phone": N_("Phone number"),
    "phone_proved_at": N_("Phone number confirmed"),
    "practices": N_("Practices you wrote down"),
    "ref": N_("Reference"),
    "reply_to": N_("Address for the answer"),
    "requests": N_("Links and codes asked for"),
    "result": N_("Result"),
    "role": N_("Role"),
    "roles": N_("Roles"),
    "saved_at": N_("Saved"),
    "searched_as": N_("Name as it is searched"),
    "seats": N_("Your seats in meetings"),
    "seen": N_("Pages seen"),
    "sent_at": N_("Sent"),
    "sessions": N_("Signed-in devices"),
    "sign_in": N_("Signing in"),
    "since": N_("Since"),
    "single_sign_on": N_("Single sign-on"),
    "start_doing": N_("What do we start doing?"),
    "starts_at": N_("Starts"),
    "state": N_("State"),
    "subject": N_("Known there as"),
    "text": N_("Text"),
    "theme": N_("Theme"),
    "themes": N_("Themes of your experience"),
    "themes_consent": N_("Consent to the themes"),
    "title": N_("Title"),
    "to": N_("To what"),
    "to_be_deleted": N_("Will be deleted"),
    "told_at": N_("You were told"),
    "training": N_("Training"),
    "travel_paid": N_("Travel is paid"),
    "undertaking_on": N_("Undertaking"),
    "unit": N_("Unit"),
    "unreachable": N_("Not reached by phone or mail"),
    "until": N_("Until"),
    "until_at": N_("Until"),
    "uploaded_at": N_("File brought"),
    "used_at": N_("Used"),
    "version": N_("Version"),
    "waiting_since": N_("On the waiting list since"),
    "weekday": N_("Day of the week"),
    "what": N_("What"),
    "what_happened": N_("What has happened"),
    "who_looked": N_("Who has looked at your data"),
    "withdrawn_at": N_("Withdrawn"),
    "written_at": N_("Written"),
}

TECHNICAL = {
    "by_yourself",
    "format",
    "links",
    "made_at",
    "meeting",
    "message",
    "ref",
    "result",
    "searched_as",
    "seen",
    "version",
}
"""What the page leaves to `data.json`: it tells a reader nothing."""

MOST_COLUMNS = 4

_WORDS: dict[str, str] = {
    ByWhom.YOU: N_("You"),
    ByWhom.SOMEBODY: N_("Somebody else"),
    ByWhom.KIERTO: N_("Kierto by itself"),
    Identified.WEAKLY: N_("by a link or code"),
    Identified.STRONGLY: N_("strongly"),
    Channel.EMAIL: N_("by e-mail"),
    Channel.SMS: N_("by text message"),
    SessionBy.LINK: N_("with a link"),
    SessionBy.CODE: N_("with a code"),
    SessionBy.DEMO: N_("in the demonstration"),
    SessionBy.SINGLE_SIGN_ON: N_("with single sign-on"),
    ConsentTo.REGISTER: N_("being in the register"),
    ConsentTo.THEMES: N_("themes of own experience"),
    ConsentTo.NEEDS: N_("what to arrange"),
    ConsentGiven.SELF: N_("by yourself"),
    ConsentGiven.BESIDE: N_("with a coordinator beside you"),
    ConsentGiven.PHONE: N_("by phone"),
    ConsentGiven.PAPER: N_("on paper"),
    SeatRole.HOST_STAFF: N_("Worker of the unit"),
    SeatRole.VISITING_STAFF: N_("Worker of another unit"),
    SeatRole.FACILITATOR: N_("Leads the meeting"),
    Answered.SIGNED_IN: N_("signed in"),
    Answered.PAPER_PASS: N_("with a paper pass"),
    Answered.TOLD: N_("told a coordinator"),
    Read.PARTICIPANTS: N_("list of participants"),
    Read.EXPORT: N_("all of it: a copy of your own data"),
    "applications": N_("applications"),
}
_ENUMERATED = (
    "answered",
    "state",
    "role",
    "what",
    "given",
    "to",
    "how",
    "identified",
    "channel",
    "left_out",
    "by_whom",
)
_STATES: tuple[type[StrEnum], ...] = (SeatState, ExpertState, MessageState, JobState)


def readable(shape: Any, within: str = "") -> Any:
    """The data as a person reads it: without what is technical, what is empty, and what is not so."""
    if isinstance(shape, dict):
        dropped = TECHNICAL | {"kind"} if within == "what_happened" else TECHNICAL
        kept = {name: readable(value, name) for name, value in shape.items() if name not in dropped}
        return {name: value for name, value in kept.items() if value}
    if isinstance(shape, list):
        return [kept for one in shape if (kept := readable(one, within))]
    return shape


def facts(shape: dict[str, Any]) -> list[tuple[str, Any]]:
    """What of a readable shape is said on one row each: plain values, and lists of them."""
    return [(name, value) for name, value in shape.items() if _is_plain(value)]


def parts(shape: dict[str, Any]) -> list[tuple[str, Any]]:
    """What of a readable shape has a heading of its own."""
    return [(name, value) for name, value in shape.items() if not _is_plain(value)]


def columns(shapes: list[dict[str, Any]]) -> list[str]:
    """The columns of the table that tells the shapes; none when they are few, or too much for one."""
    names = list(dict.fromkeys(name for one in shapes for name in one))
    flat = all(_is_plain(value) for one in shapes for value in one.values())
    return names if flat and len(shapes) > 1 and len(names) <= MOST_COLUMNS else []


def _is_plain(value: Any) -> bool:
    return not isinstance(value, dict) and not (isinstance(value, list) and isinstance(value[0], dict))


def label(name: str) -> str:
    """What a name of `data.json` is called; one that has no words yet is shown as it is."""
    return gettext(LABELS[name]) if name in LABELS else name


def spoken(value: object, name: str = "") -> str:
    """A value as people say it: instants and days of Helsinki, yes and no, words for what is enumerated."""
    match value:
        case bool():
            return gettext("Yes") if value else gettext("No")
        case int() if name == "weekday":
            return weekday(value)
        case int() if name.endswith("_cents"):
            return euros(value)
        case list():
            return ", ".join(spoken(one, name) for one in value)
        case str() if name.endswith(("_at", "_since", "_until", "_consent")) or name in ("at", "since", "consent"):
            return _instant(value)
        case str() if name.endswith("_on") or name in ("on", "from", "until"):
            return _day(value)
        case str() if name == "kind":
            return job_called(called(value))
        case str() if name in ("language", "languages"):
            return LANGUAGES.get(value, value)  # type: ignore[call-overload,no-any-return]  # any string may be asked for
        case str() if name in _ENUMERATED:
            return _word(value)
    return str(value)


def _instant(value: str) -> str:
    if "T" not in value:
        return _day(value)
    return moment(clock.local(datetime.fromisoformat(value)), today=date.min)  # always with its year


def _day(value: str) -> str:
    try:
        return day_long(date.fromisoformat(value))
    except ValueError:
        return value  # a time of day


def _word(value: str) -> str:
    if value in set(DataKind):
        return gettext(KEPT[DataKind(value)].what)
    if value in set(Role) and value not in _WORDS:
        return role_name(Role(value))
    for states in _STATES:
        if value in set(states):
            return described(states(value)).word
    if value in _WORDS:
        return gettext(_WORDS[value])
    return gettext(LABELS[value]) if value in LABELS else value

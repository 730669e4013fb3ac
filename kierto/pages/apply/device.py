"""What a device remembers of an application: which one it writes, and which one was sent from it."""

from flask import current_app, request, session

from kierto import clock
from kierto.experts import queries
from kierto.experts.applying import Caller
from kierto.experts.models import Application
from kierto.experts.rules import ANSWERS_SHOWN
from kierto.web.guard import actor

_TOKEN, _CODE, _SENT = "application", "application_code", "application_sent"


def write(token: str) -> None:
    """This device writes the application that it has begun."""
    forget()
    session.permanent = True
    session[_TOKEN] = token


def go_on(code: str) -> None:
    """This device goes on with an application that was begun elsewhere."""
    forget()
    session.permanent = True
    session[_CODE] = code


def forget() -> None:
    """This device knows of no application any more; the application itself stays."""
    for name in (_TOKEN, _CODE, _SENT):
        session.pop(name, None)


def remember_sent(application: Application) -> None:
    """From this device an application was sent."""
    forget()
    session[_SENT] = application.ref


def sent() -> Application | None:
    """The application that was sent from this device."""
    ref = session.get(_SENT)
    return queries.sent_application(ref) if isinstance(ref, str) else None


def draft() -> Application | None:
    """The application that this device writes; None when there is none, or it cannot be written any more."""
    token, code = session.get(_TOKEN), session.get(_CODE)
    if isinstance(token, str):
        return queries.draft_of(actor(), token)
    if isinstance(code, str):
        return queries.draft_by_code(actor(), code, secret_key())
    return None


def writable() -> Application | None:
    """`draft`, where applications are read still (application-read)."""
    found = draft()
    return found if found is not None and queries.takes_applications(found.organisation_id) else None


def shows(application: Application) -> bool:
    """Whether what was told of health is shown: on the device that wrote it, for a while (secret-behind-strong-id)."""
    return _TOKEN in session and application.saved_at + ANSWERS_SHOWN > clock.now()


def caller() -> Caller:
    """Who calls, as far as calls are counted."""
    return Caller(request.remote_addr or "", secret_key())


def secret_key() -> str:
    return str(current_app.config["KIERTO"].secret_key)

"""Who may call a view: each one declares it, and an application with an undeclared view does not start.

A view receives the loaded thing that its declaration names:

    @pages.get("/meetings/<ref>")
    @sees(queries.meeting)
    def show(meeting: Meeting) -> str: ...

    @pages.post("/meetings/<ref>/seat")
    @requires(TAKE_SEAT, of=queries.meeting)
    def take_seat(meeting: Meeting) -> Response: ...

A right to answer (a paper pass, the link in a message) reaches the views that say so, and nothing else:

    @pages.post("/pass/<token>/seats/<ref>/withdraw")
    @answers(PASS, ANSWER_OFFER, of=queries.seat)
    def withdraw(seat: Seat, token: str) -> Response: ...
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any, Concatenate, Protocol, TypeVar

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from kierto.actor import VISITOR, Actor
from kierto.database import reading
from kierto.errors import Forbidden
from kierto.people.helping import help_at
from kierto.policy import Permission
from kierto.sign_in import queries as sign_ins

Thing = TypeVar("Thing")
Thing_co = TypeVar("Thing_co", covariant=True)
View = Callable[..., ResponseReturnValue]

SESSION_TOKEN = "token"  # noqa: S105 - the name of a cookie's field, not a secret


class Loader(Protocol[Thing_co]):
    """A query that finds one thing among those visible to the actor, by what the URL names."""

    def __call__(self, actor: Actor, /, *args: Any, **url: Any) -> Thing_co: ...


class UndeclaredView(RuntimeError):
    """An endpoint says nothing of who may call it."""


@dataclass(frozen=True)
class Right:
    """A right to answer and to do nothing else.

    `holder` finds who holds it, as an Actor with `only_answers`, by the token in the address and what this device kept;
    `asked_at` is the endpoint that asks for it.
    """

    holder: Callable[[str], Actor | None]
    asked_at: str


class Guarded:
    """A view with its declaration: what it loads, and which permission it asks for."""

    __name__: str
    impersonal = False
    unattended = False
    waits = False

    def __init__(
        self,
        view: View,
        *,
        loader: Callable[..., Any] | None = None,
        permission: Permission[Any] | None = None,
        right: Right | None = None,
    ) -> None:
        update_wrapper(self, view)
        self.view = view
        self.loader = loader
        self.permission = permission
        self.right = right
        self._names = list(inspect.signature(loader).parameters)[1:] if loader else []

    def __call__(self, **url: Any) -> ResponseReturnValue:
        """Load the thing among those visible, ask the policy, and call the view.

        Raises:
            NotFound: there is no such thing among those the actor sees.
            Forbidden: the actor may not do this with it.
        """
        if self.right is not None and not actor().only_answers:
            return redirect(url_for(self.right.asked_at, token=url["token"]))
        if not self.waits:
            return self.view(*self._loaded(url), **url)
        with reading():
            identify()
            loaded = self._loaded(url)
        return self.view(*loaded, **url)

    def _loaded(self, url: dict[str, Any]) -> list[Any]:
        """The thing, if there is one to load; what names it is taken out of the address."""
        if self.loader is None:
            return []
        thing = self.loader(actor(), **{name: url.pop(name) for name in self._names if name in url})
        if self.permission is not None and not self.permission.allows(actor(), thing):
            raise Forbidden
        return [thing]


def public(view: View) -> Guarded:
    """Anyone may call the view, without a session."""
    return Guarded(view)


def impersonal(view: View) -> Guarded:
    """Anyone may call the view, and it answers everyone alike: no session is looked at, so caches may share it."""
    guarded = Guarded(view)
    guarded.impersonal = True
    return guarded


def unattended(view: View) -> Guarded:
    """Anyone may call the view; no transaction is opened around it, so that it answers when the database does not."""
    guarded = impersonal(view)
    guarded.unattended = True
    return guarded


def waits(guarded: Guarded) -> Guarded:
    """The view waits for others' servers: no transaction is open around it, only while the thing is loaded.

    Written above the declaration. The loader gives plain values, since rows do not outlive their transaction; what the
    view changes, it changes in `requests.now_writing()`.
    """
    guarded.waits = True
    return guarded


def sees(
    loader: Loader[Thing],
) -> Callable[[Callable[Concatenate[Thing, ...], ResponseReturnValue]], Guarded]:
    """Whoever sees the thing that `loader` finds may call the view."""
    return lambda view: Guarded(view, loader=loader)


def requires(
    permission: Permission[Thing], *, of: Loader[Thing]
) -> Callable[[Callable[Concatenate[Thing, ...], ResponseReturnValue]], Guarded]:
    """Whoever sees the thing and has the permission over it may call the view."""
    return lambda view: Guarded(view, loader=of, permission=permission)


def answers(
    right: Right, permission: Permission[Thing] | None = None, *, of: Loader[Thing]
) -> Callable[[Callable[Concatenate[Thing, ...], ResponseReturnValue]], Guarded]:
    """Whoever holds the right to answer may call the view, and who is signed in on the device may not.

    The address has the right's `token`. Who does not hold the right, or no longer, is sent to where it is asked for.
    """
    return lambda view: Guarded(view, loader=of, permission=permission, right=right)


def actor() -> Actor:
    """Who asks, in this request."""
    found: Actor = g.get("actor", VISITOR)
    return found


def loads_for_reader() -> bool:
    """Whether the page that is asked for shows each reader what they see: signing in may open it, whatever it names.

    Not what is for everyone alike, nor an address that no page has, nor one that a token opens.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    if not isinstance(view, Guarded) or view.loader is None or view.impersonal or view.right is not None:
        return False
    return "token" not in (request.view_args or {})


def identify() -> None:
    """Find the Actor of the request's session; inside the request's transaction."""
    view = current_app.view_functions.get(request.endpoint or "")
    if isinstance(view, Guarded) and view.impersonal:
        return
    if isinstance(view, Guarded) and view.right is not None:
        _here(view.right.holder((request.view_args or {})["token"]) or VISITOR)
        return
    token = session.get(SESSION_TOKEN)
    found = sign_ins.actor_of(token) if isinstance(token, str) else None
    if token is not None and found is None:
        session.pop(SESSION_TOKEN)
    _here(found or VISITOR)


def _here(found: Actor) -> None:
    """The one who asks, and whom they call: read now, since an error's page is drawn when no transaction is open."""
    g.actor = found
    g.help_at = help_at(found.person_id, current_app.config["KIERTO"])


def sign_in(token: str) -> None:
    """Let this device be in the session of the token from now on, and in no other."""
    session.clear()
    session.permanent = True
    session[SESSION_TOKEN] = token


def sign_out() -> str | None:
    """Let this device forget its session; returns the token, which the server is still to end."""
    token = session.get(SESSION_TOKEN)
    session.clear()
    return token if isinstance(token, str) else None


def set_up(app: Flask) -> None:
    """Refuse to start with an endpoint that declares nothing; call last, when every page is there.

    Raises:
        UndeclaredView: names the endpoints.
    """
    bare = sorted(
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint != "static" and not isinstance(view, Guarded)
    )
    if bare:
        ways = "@public, @impersonal, @unattended, @sees, @requires or @answers"
        raise UndeclaredView(f"say who may call {', '.join(bare)}: {ways}")

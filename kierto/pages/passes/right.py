"""The right of a paper pass, as a device keeps it: for half an hour after the right digits, in the signed cookie."""

from flask import session

from kierto import clock
from kierto.actor import Actor
from kierto.sign_in import passes
from kierto.sign_in.rules import PASS_RIGHT_LASTS
from kierto.web.guard import Right

_KEPT = "pass"


def hold(pass_id: int) -> None:
    """Let this device answer by the pass for a while; a session that it has stays as it is."""
    session[_KEPT] = [pass_id, int((clock.now() + PASS_RIGHT_LASTS).timestamp())]


def let_go() -> None:
    """Let this device forget the right."""
    session.pop(_KEPT, None)


def _holder(token: str) -> Actor | None:
    match session.get(_KEPT):
        case [int(pass_id), int(until)] if clock.now().timestamp() < until:
            return passes.holder(token, pass_id)
        case _:
            return None


PASS = Right(_holder, "passes.ask")


def held(token: str) -> bool:
    """Whether this device may answer by the pass with the token now."""
    return _holder(token) is not None

"""The right of an answer link: whoever has the address answers for the one seat that it is made from."""

from flask import current_app

from kierto.actor import Actor
from kierto.seats.answering import answered_seat, seat_behind
from kierto.seats.models import Seat
from kierto.sign_in.passes import answering
from kierto.web.guard import Right


def seat(actor: Actor, token: str) -> Seat:
    """The seat behind the link.

    Raises:
        NotFound: the link is no more.
    """
    return answered_seat(actor, token, _secret_key())


def _holder(token: str) -> Actor | None:
    found = seat_behind(token, _secret_key())
    return answering(found.person_id) if found is not None else None


def _secret_key() -> str:
    return str(current_app.config["KIERTO"].secret_key)


ANSWER_LINK = Right(_holder, "answer.ended")

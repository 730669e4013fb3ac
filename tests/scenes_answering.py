"""Links in messages by which people answer."""

from kierto.database import reading, session
from kierto.seats.models import Seat
from kierto.sign_in.tokens import answer_token
from tests.cast import Cast
from tests.scenes_passes import secret_key


def answer_of(cast: Cast, seat_id: int) -> str:
    """The token of the link by which the seat's person answers."""
    with reading():
        return answer_token(session.get_one(Seat, seat_id), secret_key(cast))

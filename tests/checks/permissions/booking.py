"""Booking, moving and giving up a unit's meeting, and changing times with another unit's."""

from tests.checks.permissions.rows import INSIDE, ITS_HOST, Row

HOST = ("coordinator", "other_host")

TABLE = (
    # Booking: the unit's contact person, and coordinators
    Row("GET", "/rounds/<ref:spring>/book", {302: ITS_HOST, 200: INSIDE}, 404),
    Row("GET", "/rounds/<ref:spring>/book/<unit:unit>", {200: ITS_HOST, 403: INSIDE}, 404),
    Row("GET", "/rounds/<ref:spring>/book/<unit:unit>/confirm", {200: ITS_HOST, 403: INSIDE}, 404),
    Row("POST", "/rounds/<ref:spring>/book/<unit:unit>/confirm", {422: ITS_HOST, 403: INSIDE}, 404),
    Row("GET", "/rounds/<ref:spring>/book/<unit:foreign_unit>", {}, 404),
    Row("POST", "/rounds/<ref:spring>/book/<unit:foreign_unit>/confirm", {}, 404),
    # Moving, giving up and asking another unit for its time: the same
    Row("GET", "/rounds/<ref:spring>/move/<unit:other_unit>", {200: HOST, 403: INSIDE}, 404),
    Row("GET", "/rounds/<ref:spring>/move/<unit:other_unit>/confirm", {200: HOST, 403: INSIDE}, 404),
    Row("POST", "/rounds/<ref:spring>/move/<unit:other_unit>/confirm", {422: HOST, 403: INSIDE}, 404),
    Row("GET", "/rounds/<ref:spring>/give-up/<unit:other_unit>", {200: HOST, 403: INSIDE}, 404),
    Row("POST", "/rounds/<ref:spring>/give-up/<unit:other_unit>", {422: HOST, 403: INSIDE}, 404),
    Row("GET", "/rounds/<ref:spring>/swap/<unit:other_unit>", {200: HOST, 403: INSIDE}, 404),
    Row("POST", "/rounds/<ref:spring>/swap/<unit:other_unit>", {302: HOST, 403: INSIDE}, 404),
    # The question: seen by the two units' contact persons and coordinators, answered by the one that is asked
    Row("GET", "/rounds/<ref:spring>/swaps/<swap>", {200: HOST}, 404),
    Row("POST", "/rounds/<ref:spring>/swaps/<swap>/yes", {302: ("coordinator",), 403: ("other_host",)}, 404),
    Row("POST", "/rounds/<ref:spring>/swaps/<swap>/no", {302: ("coordinator",), 403: ("other_host",)}, 404),
    Row("POST", "/rounds/<ref:spring>/swaps/<swap>/withdraw", {302: HOST}, 404),
    Row("GET", "/rounds/<ref:spring>/swaps/<swap>/yes", {302: HOST}, 404),
    Row("GET", "/rounds/<ref:spring>/swaps/<swap>/no", {302: HOST}, 404),
    Row("GET", "/rounds/<ref:spring>/swaps/<swap>/withdraw", {302: HOST}, 404),
)

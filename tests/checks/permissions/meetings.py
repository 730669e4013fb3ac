"""Meetings, seats, practices, rounds."""

from tests.checks.permissions.rows import COORDINATOR, COORDINATORS, EXPERTS, INSIDE, ITS_HOST, ITS_UNIT, PUBLIC, Row

TABLE = (
    # Meetings: a public one is seen by anyone once confirmed, any other one from inside
    Row("GET", "/meetings/<ref:confirmed>", PUBLIC, 200),
    Row("GET", "/meetings/<ref:held>", PUBLIC, 200),
    Row("GET", "/meetings/<ref:proposed>", {200: INSIDE}, 404),
    Row("GET", "/meetings/<ref:foreign_meeting>", {200: ("neighbour",)}, 404),
    # Seats: experts of the organisation, and who works in the unit; a seat is its person's own
    Row("POST", "/meetings/<ref:confirmed>/seat", {302: (*EXPERTS, "worker")}, 403),
    Row("POST", "/meetings/<ref:proposed>/seat", {302: (*EXPERTS, "other_host"), 403: INSIDE}, 404),
    Row("POST", "/meetings/<ref:foreign_meeting>/seat", {403: ("neighbour",)}, 404),
    Row("GET", "/meetings/<ref:proposed>/seat", {302: INSIDE}, 404),
    # What to arrange: who arranges it
    Row("POST", "/meetings/<ref:confirmed>/arrange", {302: COORDINATOR}, 403),
    Row("POST", "/meetings/<ref:proposed>/arrange", {302: ("coordinator", "other_host"), 403: INSIDE}, 404),
    Row("GET", "/meetings/<ref:proposed>/arrange", {302: INSIDE}, 404),
    Row("POST", "/seats/<ref:seat>/withdraw", {302: ("expert",)}, 404),
    Row("POST", "/seats/<ref:seat>/answer", {302: ("expert",)}, 404),
    Row("POST", "/seats/<ref:host_seat>/withdraw", {302: ("other_host",)}, 404),
    Row("GET", "/seats/<ref:seat>/withdraw", {302: ("expert",)}, 404),
    Row("GET", "/seats/<ref:seat>/answer", {302: ("expert",)}, 404),
    # Practices: an agreed public one is seen by anyone, a draft by those who write it
    Row("GET", "/practices/<ref:practice>", PUBLIC, 200),
    Row("GET", "/practices/<ref:draft>", {200: ITS_UNIT}, 404),
    Row("GET", "/meetings/<ref:held>/practices/new", {200: ITS_UNIT}, 403),
    Row("POST", "/meetings/<ref:held>/practices/new", {422: ITS_UNIT}, 403),
    Row("POST", "/meetings/<ref:proposed>/practices/new", {422: ("coordinator", "other_host"), 403: INSIDE}, 404),
    Row("GET", "/practices/<ref:draft>/edit", {200: ITS_UNIT}, 404),
    Row("POST", "/practices/<ref:draft>/edit", {422: ITS_UNIT}, 404),
    Row("GET", "/practices/<ref:practice>/edit", {302: ITS_UNIT}, 403),
    Row("POST", "/practices/<ref:draft>/agree", {422: ITS_UNIT}, 404),
    Row("POST", "/practices/<ref:practice>/agree", {302: ITS_UNIT}, 403),
    Row("GET", "/practices/<ref:draft>/agree", {302: ITS_UNIT}, 404),
    Row("POST", "/adoptions/<ref:arrival>/answer", {422: ("coordinator", "other_host"), 403: INSIDE}, 404),
    Row("POST", "/adoptions/<ref:other_arrival>/answer", {422: ("coordinator", "worker"), 403: INSIDE}, 404),
    Row("GET", "/adoptions/<ref:arrival>/answer", {302: INSIDE}, 404),
    # Rounds: seen from inside, a draft by coordinators; its units are booked for by their hosts
    Row("GET", "/rounds/", {200: (*INSIDE, "neighbour")}, 404),
    Row("GET", "/rounds/new", {200: COORDINATORS}, 404),
    Row("POST", "/rounds/new", {422: COORDINATORS}, 404),
    Row("GET", "/rounds/<ref:spring>", {200: INSIDE}, 404),
    Row("GET", "/rounds/<ref:coming>", {200: COORDINATOR}, 404),
    Row("GET", "/rounds/<ref:foreign_round>", {200: ("neighbour",)}, 404),
    Row("GET", "/rounds/<ref:spring>/units", {200: COORDINATOR, 403: INSIDE}, 404),
    Row("POST", "/rounds/<ref:spring>/units", {422: COORDINATOR, 403: INSIDE}, 404),
    Row("POST", "/rounds/<ref:spring>/open", {302: COORDINATOR, 403: INSIDE}, 404),
    Row("POST", "/rounds/<ref:coming>/open", {422: COORDINATOR}, 404),
    Row("GET", "/rounds/<ref:spring>/book", {302: ITS_HOST, 200: INSIDE}, 404),
    Row("GET", "/rounds/<ref:spring>/book/<unit:unit>", {200: ITS_HOST, 403: INSIDE}, 404),
    Row("POST", "/rounds/<ref:spring>/book/<unit:unit>", {422: ITS_HOST, 403: INSIDE}, 404),
    Row("GET", "/rounds/<ref:spring>/book/<unit:foreign_unit>", {}, 404),
)

"""Who may open and press what: written and reviewed by hand, from the domain's rules and not from the code.

A row is a method, an address and, in its brackets, the cast's thing that it is tried with. Whoever is not named gets
the last status. 404: there is nothing to see for them; 403: they see it, but it is not theirs to do; 302 and 303: done,
or sent to where it is; 422: it is theirs to do, and the empty form that the test sends is not enough.
"""

from dataclasses import dataclass

COORDINATOR = ("coordinator",)
EXPERTS = ("expert", "other_expert", "third_expert")
# What belongs to an organisation is seen by those who work or act in it; a decision-maker sees reports.
INSIDE = ("coordinator", "host", "other_host", "staff", "worker", *EXPERTS)
ITS_UNIT = ("coordinator", "host", "staff")
ITS_HOST = ("coordinator", "host")
COORDINATORS = ("coordinator", "neighbour")
SIGNED_IN = (*INSIDE, "applicant", "decision_maker", "neighbour", "administrator", "outsider")


@dataclass(frozen=True)
class Row:
    """`statuses` are tried in their order: the first group that has the person counts."""

    method: str
    address: str
    statuses: dict[int, tuple[str, ...]]
    others: int

    def expected(self, name: str) -> int:
        return next((status for status, names in self.statuses.items() if name in names), self.others)


PUBLIC: dict[int, tuple[str, ...]] = {}

TABLE = (
    # Anyone
    Row("GET", "/", PUBLIC, 200),
    Row("GET", "/about", PUBLIC, 200),
    Row("GET", "/calendar.ics", PUBLIC, 200),
    Row("GET", "/health", PUBLIC, 200),
    Row("GET", "/meetings/", PUBLIC, 200),
    Row("GET", "/practices/", PUBLIC, 200),
    Row("GET", "/sign-in", PUBLIC, 200),
    Row("GET", "/sign-in/<token>", PUBLIC, 200),
    Row("POST", "/sign-in/<token>", PUBLIC, 303),
    Row("POST", "/sign-out", PUBLIC, 303),
    # Oneself
    Row("GET", "/me", {200: SIGNED_IN}, 403),
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
    # Units
    Row("GET", "/units/", {200: (*INSIDE, "neighbour")}, 404),
    Row("GET", "/units/<ref:unit>", {200: INSIDE}, 404),
    Row("GET", "/units/<ref:foreign_unit>", {200: ("neighbour",)}, 404),
    Row("GET", "/units/<ref:unit>/practices", {200: INSIDE}, 404),
    Row("GET", "/units/import", {200: COORDINATORS}, 404),
    Row("POST", "/units/import", {422: COORDINATORS}, 404),
    Row("GET", "/units/import/template.csv", {200: COORDINATORS}, 404),
    Row("GET", "/jobs/<ref:job>", {200: COORDINATOR}, 404),
    Row("POST", "/jobs/<ref:job>/stop", {302: COORDINATOR}, 404),
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

DEMO = (
    # In a demo nobody is real: anyone steps into any role and reads any mail. Elsewhere these pages do not exist.
    Row("GET", "/demo", PUBLIC, 200),
    Row("POST", "/demo/enter/<ref:host_person>", PUBLIC, 303),
    Row("GET", "/demo/mail", PUBLIC, 200),
    Row("GET", "/demo/mail/<key:mail>", PUBLIC, 200),
)

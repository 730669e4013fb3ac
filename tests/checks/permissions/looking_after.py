"""Looking after meetings: who edits, decides, records and names; one's own companions; visitors of the next unit."""

from tests.checks.permissions.rows import COORDINATOR, INSIDE, ITS_HOST, PUBLIC, Row

# The second unit's meeting is looked after by its host contact and the coordinator
LOOKS_AFTER = ("coordinator", "other_host")

TABLE = (
    Row("GET", "/meetings/<ref:confirmed>/edit", {200: COORDINATOR}, 403),
    Row("GET", "/meetings/<ref:proposed>/edit", {200: LOOKS_AFTER, 403: INSIDE}, 404),
    Row("POST", "/meetings/<ref:proposed>/edit", {302: LOOKS_AFTER, 403: INSIDE}, 404),
    Row("GET", "/meetings/<ref:foreign_meeting>/edit", {200: ("neighbour",)}, 404),
    # Holding a meeting without its mix and releasing seats is the coordinator's
    Row("GET", "/meetings/<ref:proposed>/decide", {200: COORDINATOR, 403: INSIDE}, 404),
    Row("POST", "/meetings/<ref:proposed>/decide", {422: COORDINATOR, 403: INSIDE}, 404),
    Row("POST", "/meetings/<ref:proposed>/release", {302: COORDINATOR, 403: INSIDE}, 404),
    Row("GET", "/meetings/<ref:proposed>/release", {302: INSIDE}, 404),
    Row("GET", "/meetings/<ref:held>/happened", {200: ITS_HOST}, 403),
    Row("POST", "/meetings/<ref:held>/happened", {422: ITS_HOST}, 403),
    # Answers of others are recorded by coordinators only (answer-for-another); nobody else learns who is an expert
    Row("GET", "/meetings/<ref:proposed>/answers", {200: COORDINATOR, 403: INSIDE}, 404),
    Row("GET", "/meetings/<ref:confirmed>/answers", {200: COORDINATOR}, 403),
    Row("GET", "/meetings/<ref:confirmed>/answers/<person:expert_person>", {200: COORDINATOR}, 404),
    Row("POST", "/meetings/<ref:confirmed>/answers/<person:expert_person>", {422: COORDINATOR}, 404),
    Row("GET", "/seats/<ref:seat>/record", {200: COORDINATOR}, 404),
    Row("POST", "/seats/<ref:seat>/record", {422: COORDINATOR}, 404),
    Row("GET", "/seats/<ref:seat>/call", {200: COORDINATOR}, 404),
    Row("POST", "/seats/<ref:seat>/call", {422: COORDINATOR}, 404),
    Row("GET", "/seats/<ref:seat>/companions", {200: ("expert", "coordinator")}, 404),
    Row("POST", "/seats/<ref:seat>/companions", {422: ("expert", "coordinator")}, 404),
    Row("GET", "/meetings/<ref:proposed>/facilitators", {200: LOOKS_AFTER, 403: INSIDE}, 404),
    Row("POST", "/meetings/<ref:proposed>/facilitators/<person:host_person>", {302: LOOKS_AFTER, 403: INSIDE}, 404),
    Row("GET", "/meetings/<ref:proposed>/facilitators/<person:host_person>", {302: INSIDE}, 404),
    # Nobody has been named, so there is nobody to take it back from
    Row(
        "POST",
        "/meetings/<ref:proposed>/facilitators/<person:host_person>/remove",
        {404: LOOKS_AFTER, 403: INSIDE},
        404,
    ),
    Row("GET", "/meetings/<ref:proposed>/facilitators/<person:host_person>/remove", {302: INSIDE}, 404),
    # Workers of the round's next unit come to visit
    Row("POST", "/meetings/<ref:confirmed>/visit", {302: ("other_host",)}, 404),
    Row("GET", "/meetings/<ref:confirmed>/visit", PUBLIC, 302),
)

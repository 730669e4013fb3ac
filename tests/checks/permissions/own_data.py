"""Own data, statements, feedback, the log, the queue, the settings."""

from tests.checks.permissions.rows import PUBLIC, SIGNED_IN, Row

ADMINISTRATOR = ("administrator",)
GOVERNORS = ("coordinator", "administrator")

TABLE = (
    # One's own data is one's own, however one has signed in; who waits for a deletion alone may put it off
    Row("GET", "/me/data", {200: SIGNED_IN}, 403),
    Row("POST", "/me/data/export", {200: SIGNED_IN}, 403),
    Row("GET", "/me/data/erase", {200: SIGNED_IN}, 403),
    Row("POST", "/me/data/erase", {422: SIGNED_IN}, 403),
    Row("POST", "/me/data/keep/<ref:organisation>", {}, 404),
    # Statements are anyone's to read, and obstacles anyone's to tell
    Row("GET", "/privacy", PUBLIC, 200),
    Row("GET", "/accessibility", PUBLIC, 200),
    Row("POST", "/accessibility", PUBLIC, 422),
    # An organisation's coordinators, and administrators, decide what it adds and how long it keeps
    Row("GET", "/organisations/<ref:organisation>/retention", {200: GOVERNORS}, 404),
    Row("POST", "/organisations/<ref:organisation>/retention", {422: GOVERNORS}, 404),
    Row("GET", "/organisations/<ref:other_organisation>/retention", {200: ("neighbour", "administrator")}, 404),
    Row("GET", "/organisations/<ref:organisation>/statements/<kind:privacy>", {200: GOVERNORS}, 404),
    Row("POST", "/organisations/<ref:organisation>/statements/<kind:privacy>", {303: GOVERNORS}, 404),
    # Feedback is answered by whose page it was about; what is nobody's by administrators
    Row("GET", "/feedback/", {200: ("coordinator", "neighbour", "administrator")}, 404),
    Row("GET", "/feedback/<ref:feedback>", {200: ("coordinator",)}, 404),
    Row("POST", "/feedback/<ref:feedback>", {422: ("coordinator",)}, 404),
    Row("GET", "/feedback/<ref:feedback_of_none>", {200: ADMINISTRATOR}, 404),
    # What happened, what waits and how Kierto is set up are administrators' to see
    Row("GET", "/admin/events", {200: ADMINISTRATOR}, 404),
    Row("GET", "/admin/queue", {200: ADMINISTRATOR}, 404),
    Row("POST", "/admin/queue/retry", {303: ADMINISTRATOR}, 404),
    Row("GET", "/admin/settings", {200: ADMINISTRATOR}, 404),
)

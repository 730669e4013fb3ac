"""Single sign-on: anyone's way in, one's own sign-ins, the providers that administrators keep."""

from tests.checks.permissions.rows import ADMINISTRATOR, PUBLIC, SIGNED_IN, Row

PROVIDERS = "/admin/organisations/<ref:organisation>/providers/"

TABLE: tuple[Row, ...] = (
    # The table's provider answers nobody
    Row("GET", "/sign-in/with/<ref:provider>", PUBLIC, 502),
    Row("GET", "/sign-in/with/<ref:provider>/callback", PUBLIC, 400),
    Row("GET", "/sign-in/join", PUBLIC, 303),  # nobody has just come from a provider
    Row("POST", "/sign-in/join", PUBLIC, 303),
    Row("GET", "/me/sign-ins", {200: SIGNED_IN}, 403),
    Row("POST", "/me/sign-ins/remove", {404: SIGNED_IN}, 403),  # none is named
    Row("GET", PROVIDERS, {200: ADMINISTRATOR}, 404),
    Row("GET", f"{PROVIDERS}new", {200: ADMINISTRATOR}, 404),
    Row("POST", f"{PROVIDERS}new", {422: ADMINISTRATOR}, 404),
    Row("GET", f"{PROVIDERS}<provider>", {200: ADMINISTRATOR}, 404),
    Row("POST", f"{PROVIDERS}<provider>", {422: ADMINISTRATOR}, 404),
    Row("GET", f"{PROVIDERS}<provider>/retire", {303: ADMINISTRATOR}, 404),
    Row("POST", f"{PROVIDERS}<provider>/retire", {303: ADMINISTRATOR}, 404),
)

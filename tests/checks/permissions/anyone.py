"""Anyone, and one's own page."""

from tests.checks.permissions.rows import PUBLIC, SIGNED_IN, Row

TABLE = (
    # Anyone
    Row("GET", "/", PUBLIC, 200),
    Row("GET", "/about", PUBLIC, 200),
    Row("GET", "/calendar.ics", PUBLIC, 200),
    Row("GET", "/health", PUBLIC, 200),
    Row("GET", "/meetings/", PUBLIC, 200),
    Row("GET", "/meetings/month", PUBLIC, 200),
    Row("GET", "/practices/", PUBLIC, 200),
    Row("GET", "/sign-in", PUBLIC, 200),
    Row("GET", "/sign-in/<token>", PUBLIC, 200),
    Row("POST", "/sign-in/<token>", PUBLIC, 303),
    Row("POST", "/sign-out", PUBLIC, 303),
    # Oneself
    Row("GET", "/me", {200: SIGNED_IN}, 403),
)

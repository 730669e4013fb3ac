"""Paper passes: making one, and what it opens; the links in messages."""

from tests.checks.permissions.rows import COORDINATOR, PUBLIC, SIGNED_IN, Row

TABLE: tuple[Row, ...] = (
    # Whoever has not given its digits on this device is asked for them
    Row("GET", "/pass/<token:pass>", PUBLIC, 200),
    Row("POST", "/pass/<token:pass>", PUBLIC, 422),
    Row("GET", "/pass/<token:pass>/meetings", PUBLIC, 302),
    Row("GET", "/pass/<token:pass>/close", PUBLIC, 302),
    Row("POST", "/pass/<token:pass>/close", PUBLIC, 302),
    Row("GET", "/pass/<token:pass>/seats/<ref:seat>/answer", PUBLIC, 302),
    Row("POST", "/pass/<token:pass>/seats/<ref:seat>/answer", PUBLIC, 302),
    # Whoever has the link in a message answers by it, whoever is signed in on the device
    Row("GET", "/answer/<token:answer>", PUBLIC, 200),
    Row("POST", "/answer/<token:answer>", PUBLIC, 303),
    Row("GET", "/answer/<token:answer>/ended", PUBLIC, 410),
    # One's own; only the expert has one, and nobody's device has just made one
    Row("GET", "/me/pass", {200: SIGNED_IN}, 403),
    Row("POST", "/me/pass", {422: SIGNED_IN}, 403),
    Row("GET", "/me/pass/paper", {303: SIGNED_IN}, 403),
    Row("GET", "/me/pass/digits", {200: ("expert",), 303: SIGNED_IN}, 403),
    Row("POST", "/me/pass/digits", {422: ("expert",), 303: SIGNED_IN}, 403),
    Row("GET", "/me/pass/end", {303: SIGNED_IN}, 403),
    Row("POST", "/me/pass/end", {303: SIGNED_IN}, 403),
    # An expert's, with a coordinator beside
    Row("GET", "/experts/<ref:pass_expert>/pass", {200: COORDINATOR}, 404),
    Row("POST", "/experts/<ref:pass_expert>/pass", {422: COORDINATOR}, 404),
    Row("GET", "/experts/<ref:pass_expert>/pass/paper", {303: COORDINATOR}, 404),
    Row("GET", "/experts/<ref:pass_expert>/pass/digits", {200: COORDINATOR}, 404),
    Row("POST", "/experts/<ref:pass_expert>/pass/digits", {422: COORDINATOR}, 404),
    Row("GET", "/experts/<ref:pass_expert>/pass/end", {303: COORDINATOR}, 404),
    Row("POST", "/experts/<ref:pass_expert>/pass/end", {303: COORDINATOR}, 404),
)

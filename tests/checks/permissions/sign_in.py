"""Signing in, sessions, addresses, single sign-on, paper passes."""

from tests.checks.permissions.rows import COORDINATOR, PUBLIC, SIGNED_IN, Row

TABLE: tuple[Row, ...] = (
    Row("POST", "/sign-in", PUBLIC, 422),
    Row("GET", "/sign-in/code", PUBLIC, 302),  # nothing is waited for on the device
    Row("POST", "/sign-in/code", PUBLIC, 303),
    Row("POST", "/sign-in/again", PUBLIC, 303),
    Row("GET", "/me/sessions", {200: SIGNED_IN}, 403),
    Row("POST", "/me/sessions/end", {404: SIGNED_IN}, 403),  # no session is named
    Row("POST", "/me/sessions/end-others", {303: SIGNED_IN}, 403),
    Row("GET", "/me/contact", {200: SIGNED_IN}, 403),
    Row("GET", "/me/contact/<channel>", {200: SIGNED_IN}, 403),
    Row("POST", "/me/contact/<channel>", {422: SIGNED_IN}, 403),
    Row("GET", "/me/contact/<channel>/code", {200: ("expert",), 302: SIGNED_IN}, 403),
    Row("POST", "/me/contact/<channel>/code", {422: ("expert",), 303: SIGNED_IN}, 403),
    Row("POST", "/me/contact/<channel>/remove", {422: SIGNED_IN}, 403),  # it is their only address
    Row("POST", "/me/contact/<channel>/stop", {303: SIGNED_IN}, 403),
    Row("GET", "/contact/<token:change>", PUBLIC, 200),
    Row("POST", "/contact/<token:change>", PUBLIC, 303),
    Row("POST", "/contact/<token:change>/not-me", PUBLIC, 303),
    Row("GET", "/calls/<ref:host_person>", {200: COORDINATOR}, 404),
    Row("POST", "/calls/<ref:host_person>/number", {303: COORDINATOR}, 404),
    Row("POST", "/calls/<ref:host_person>/change", {422: COORDINATOR}, 404),  # nothing waits for it
)

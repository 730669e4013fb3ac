"""`/health`: for load balancers and whoever watches over an installation."""

from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, Response, jsonify

from kierto import __version__
from kierto.health import Health
from kierto.health import health as look
from kierto.web.guard import unattended

pages = Blueprint("health", __name__)


@pages.get("/health")
@unattended
def health() -> Response:
    """200 while people can use Kierto, 503 when the database fails or is of another version. Ages are in seconds."""
    found = look()
    response = jsonify(_told(found))
    response.status_code = HTTPStatus.OK if found.serves else HTTPStatus.SERVICE_UNAVAILABLE
    response.headers["Cache-Control"] = "no-store"
    return response


def _told(found: Health) -> dict[str, object]:
    return {
        "status": "ok" if found.well else "degraded",
        "version": __version__,
        "database": {"kind": found.database_kind, "ok": found.database},
        "migration": {"applied": found.applied, "needed": found.needed},
        "worker": {"seen_seconds_ago": _seconds(found.worker_age)},
        "mail": {"due": found.mail_due, "oldest_due_seconds": _seconds(found.mail_age)},
    }


def _seconds(age: timedelta | None) -> int | None:
    return None if age is None else max(0, int(age.total_seconds()))

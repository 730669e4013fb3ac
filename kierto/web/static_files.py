"""Static files: kept for a year under the address that names their content, and sent small.

Only these are compressed: a page may hold a secret beside what somebody else put into it, and the size of the
compressed page would tell about it (BREACH).
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

_A_DAY = 24 * 3600
_A_YEAR = 365 * _A_DAY
_COMPRESSED = {"text/css", "text/csv", "text/javascript", "image/svg+xml"}
_LEVEL = 9


def set_up(app: Flask) -> None:
    """Shape every answer with a static file."""
    app.after_request(_shape)


def _shape(response: Response) -> Response:
    if request.endpoint != "static" or response.status_code not in (200, 304):
        return response
    # rendering.static() names the content in `v`; what stylesheets name themselves (letters, drawings) hardly changes.
    kept = f"max-age={_A_YEAR}, immutable" if "v" in request.args else f"max-age={_A_DAY}"
    response.headers["Cache-Control"] = f"public, {kept}"
    if response.mimetype in _COMPRESSED:
        response.vary.add("Accept-Encoding")
        if response.status_code == 200 and request.accept_encodings["gzip"] and "Range" not in request.headers:
            _compress(response)
    return response


def _compress(response: Response) -> None:
    etag, _weak = response.get_etag()
    response.direct_passthrough = False
    response.set_data(_compressed(response.get_data()))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    if etag is not None:
        response.set_etag(etag, weak=True)  # the same content, not the same bytes (RFC 9110 §8.8.1)


@lru_cache(maxsize=64)
def _compressed(content: bytes) -> bytes:
    return gzip.compress(content, _LEVEL, mtime=0)

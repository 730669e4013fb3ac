"""Logs: one line of `key=value` each, to standard error. They hold ids, never names, addresses or tokens."""

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

import kierto

_PACKAGE = Path(kierto.__file__).parent
_FRAMES = 4


def configure() -> None:
    """Set up this process's logs."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            tell_fault,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(format="timestamp=%(asctime)s level=%(levelname)s logger=%(name)s event=%(message)r")


def tell_fault(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Tell an exception's kind and where in Kierto it came from; its own words may quote what people wrote."""
    if event.pop("exc_info", None):
        _kind, fault, _trace = sys.exc_info()
        if fault:
            event["fault"] = "<".join(_kinds(fault))
            event["at"] = _places(fault.__traceback__)
    return event


def _kinds(fault: BaseException) -> list[str]:
    kinds: list[str] = []
    link: BaseException | None = fault
    while link and len(kinds) < _FRAMES:
        kinds.append(f"{type(link).__name__}{_code(link)}")
        link = link.__cause__ or link.__context__
    return kinds


def _code(fault: Any) -> str:
    """The number of a system's or a database's fault: it names nobody."""
    code = getattr(fault, "errno", None) or getattr(fault, "sqlstate", None) or getattr(fault, "sqlite_errorname", None)
    return f"({code})" if code else ""


def _places(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)] or list(frames)
    return "<".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(own[-_FRAMES:]))

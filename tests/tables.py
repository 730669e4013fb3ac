"""Every table there is, whether a page or a worker imports its room already or not."""

from importlib import import_module
from pathlib import Path

import kierto


def import_models() -> None:
    """Let SQLAlchemy know the tables of every room."""
    for file in sorted(Path(kierto.__path__[0]).glob("*/models.py")):
        import_module(f"kierto.{file.parent.name}.models")

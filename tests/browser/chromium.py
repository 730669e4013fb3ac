"""The machine's Chromium, and how it is started for tests and pictures."""

import os
import shutil

MISSING = "No Chromium here: install your system's package `chromium`."

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def program() -> str | None:
    """Where it is; None where there is none."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def flags() -> list[str]:
    """It asks nobody for anything; root, as whom containers run, cannot have its sandbox."""
    return [*_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]

"""What one of several test processes makes, and all of them use."""

import fcntl
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

Made = TypeVar("Made")


def shared_folder(tmp_path_factory: pytest.TempPathFactory, config: pytest.Config) -> Path:
    """A folder that every process of this run knows: pytest-xdist gives each one a folder of its own inside it."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if hasattr(config, "workerinput") else own


def once(folder: Path, name: str, make: Callable[[], Made]) -> Made:
    """What `make` returns, made by whichever process comes first; the others wait and read it. It can be pickled."""
    kept = folder / f"{name}.pickle"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            made = make()
            kept.write_bytes(pickle.dumps(made))
            return made
    found: Made = pickle.loads(kept.read_bytes())  # noqa: S301 - written above, by a process of this run
    return found

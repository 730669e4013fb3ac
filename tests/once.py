"""What one of several test processes makes, and all of them use."""

import fcntl
import pickle
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
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
    with _locked(folder, name, fcntl.LOCK_EX):
        return _made(folder, name, make)


def shared_out(folder: Path, makes: Mapping[str, Callable[[], Made]]) -> dict[str, Made]:
    """What each of these returns, by name: the processes make them between them, and each reads what the other made."""
    for name, make in makes.items():
        try:
            with _locked(folder, name, fcntl.LOCK_EX | fcntl.LOCK_NB):
                _made(folder, name, make)
        except BlockingIOError:  # another process is at it
            continue
    return {name: once(folder, name, make) for name, make in makes.items()}


@contextmanager
def _locked(folder: Path, name: str, how: int) -> Iterator[None]:
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, how)
        yield


def _made(folder: Path, name: str, make: Callable[[], Made]) -> Made:
    kept = folder / f"{name}.pickle"
    if not kept.exists():
        made = make()
        kept.write_bytes(pickle.dumps(made))
        return made
    found: Made = pickle.loads(kept.read_bytes())  # noqa: S301 - written above, by a process of this run
    return found

"""Ending in good order: SIGTERM and SIGINT end a wait, never a step in hand."""

import os
import select
import signal
from types import FrameType


class Ending:
    """Whether the process was asked to end, and waits that this cuts short. For the main thread only."""

    def __init__(self) -> None:
        self.asked = False
        self._read, self._write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until asked to end; returns whether that was asked."""
        if not self.asked and seconds > 0:
            select.select([self._read], [], [], seconds)
        return self.asked

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True
        # The byte stays unread: once asked to end, every later wait ends at once.
        os.write(self._write, b"!")

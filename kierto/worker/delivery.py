"""Mail on its way: events to messages, messages to the server."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from time import monotonic

import structlog

from kierto import clock
from kierto.database import reading, writing
from kierto.messages import actions, queries
from kierto.messages.letters import Outdated
from kierto.messages.rendering import rendered
from kierto.messages.transport import NotSent, Transport, transport
from kierto.settings import Settings

log = structlog.get_logger()

BATCH = 100
RETRY_STUCK = timedelta(minutes=1)
LONGEST_PAUSE = 60.0


@dataclass
class FanOut:
    """Turns events into messages, in batches; an event that fails is tried again a minute later."""

    stuck: dict[int, datetime] = field(default_factory=dict)

    def step(self) -> bool:
        """One batch; returns whether there may be more."""
        now = clock.now()
        self.stuck = {id_: until for id_, until in self.stuck.items() if until > now}
        with reading():
            waiting = queries.any_event_queued(self.stuck.keys())
        if not waiting:
            return False
        with writing():
            done = actions.fan_out(BATCH, self.stuck.keys())
        self.stuck |= dict.fromkeys(done.stuck, now + RETRY_STUCK)
        return done.events > 0


@dataclass
class Delivery:
    """Sends what is due. While the server is down it pauses, longer each time, up to a minute."""

    settings: Settings
    lease: timedelta
    paused_until: float = 0.0
    pause: float = 0.0

    def run(self, go_on: Callable[[], bool]) -> None:
        """Send one message after another while any is due and `go_on()`."""
        if monotonic() < self.paused_until or not _any_due():
            return
        with transport(self.settings) as way:
            while go_on():
                with writing():
                    claim = actions.claim(self.lease)
                if claim is None or not self._deliver(claim, way):
                    return

    def _deliver(self, claim: actions.Claim, way: Transport) -> bool:
        """Render, send, mark: each by itself. Returns whether the server is there for the next one."""
        mail = self._render(claim)
        if mail is None:
            return True
        try:
            way.send(mail)
        except NotSent as fault:
            with writing():
                actions.mark_fault(claim, fault.fault, permanent=fault.permanent)
            log.warning("mail not sent", message_id=claim.message_id, fault=fault.fault, permanent=fault.permanent)
            if fault.server_down:
                self.pause = min(max(1.0, self.pause * 2), LONGEST_PAUSE)
                self.paused_until = monotonic() + self.pause
            return not fault.server_down
        with writing():
            actions.mark_sent(claim)
        self.pause = 0.0
        log.info("mail sent", message_id=claim.message_id)
        return True

    def _render(self, claim: actions.Claim) -> EmailMessage | None:
        try:
            with reading():
                mail = rendered(claim.message_id, self.settings)
        except Outdated:
            with writing():
                actions.mark_outdated(claim)
            return None
        except Exception as fault:
            # A fault in one letter stops no other; mended within two days, the letter still leaves.
            log.exception("mail could not be rendered", message_id=claim.message_id)
            with writing():
                actions.mark_fault(claim, f"not rendered: {type(fault).__name__}", permanent=False)
            return None
        if mail is None:
            with writing():
                actions.mark_unreachable(claim)
        return mail


def _any_due() -> bool:
    with reading():
        return queries.any_due()

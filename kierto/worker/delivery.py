"""Mail and text messages on their way: events to messages, messages to whoever takes them."""

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
from kierto.messages.sms import Sms
from kierto.messages.transport import NotSent
from kierto.messages.ways import Ways, channel_of
from kierto.settings import Settings
from kierto.sign_in.models import Channel

log = structlog.get_logger()

BATCH = 100
RETRY_STUCK = timedelta(minutes=1)
LONGEST_PAUSE = 60.0
MOST_PUT_BACK = 20
"""So many messages are looked at in vain, one after another, before the worker turns to something else."""


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
class Pause:
    """One way out is down: nothing is sent there for a while, longer each time, up to a minute."""

    until: float = 0.0
    length: float = 0.0

    @property
    def left(self) -> float:
        """Seconds; 0 when the way may be tried."""
        return max(0.0, self.until - monotonic())

    def begin(self) -> None:
        """The way was found to be down."""
        self.length = min(max(1.0, self.length * 2), LONGEST_PAUSE)
        self.until = monotonic() + self.length

    def end(self) -> None:
        """The way is there again."""
        self.length = 0.0


@dataclass
class Delivery:
    """Sends what is due. While one way is down, messages go on leaving by the other."""

    settings: Settings
    lease: timedelta
    pauses: dict[Channel, Pause] = field(default_factory=lambda: {channel: Pause() for channel in Channel})

    def run(self, go_on: Callable[[], bool]) -> None:
        """Send one message after another while any is due and `go_on()`."""
        with Ways(self.settings) as ways:
            if all(self.pauses[channel].left for channel in ways.channels) or not self._any_due():
                return
            put_back = 0
            while go_on() and put_back < MOST_PUT_BACK:
                with writing():
                    claim = actions.claim(self.lease, at_any_hour=self.settings.demo)
                if claim is None:
                    return
                put_back = 0 if self._deliver(claim, ways) else put_back + 1

    def _deliver(self, claim: actions.Claim, ways: Ways) -> bool:
        """Render, send, mark: each by itself. Returns whether the message's way was there for it."""
        text = self._render(claim)
        if text is None:
            return True
        pause = self.pauses[channel_of(text)]
        if pause.left:
            with writing():
                actions.put_back(claim, timedelta(seconds=pause.left))
            return False
        try:
            ways.send(text)
        except NotSent as fault:
            with writing():
                actions.mark_fault(claim, fault.fault, permanent=fault.permanent)
            log.warning("message not sent", message_id=claim.message_id, fault=fault.fault, permanent=fault.permanent)
            if fault.server_down:
                pause.begin()
            return not fault.server_down
        with writing():
            actions.mark_sent(claim)
        pause.end()
        log.info("message sent", message_id=claim.message_id)
        return True

    def _render(self, claim: actions.Claim) -> EmailMessage | Sms | None:
        try:
            with reading():
                text = rendered(claim.message_id, self.settings)
        except Outdated:
            with writing():
                actions.mark_outdated(claim)
            return None
        except Exception as fault:
            # A fault in one letter stops no other; mended within two days, the letter still leaves.
            log.exception("message could not be rendered", message_id=claim.message_id)
            with writing():
                actions.mark_fault(claim, f"not rendered: {type(fault).__name__}", permanent=False)
            return None
        if text is None:
            with writing():
                actions.mark_unreachable(claim)
        return text

    def _any_due(self) -> bool:
        with reading():
            return queries.any_due(at_any_hour=self.settings.demo)

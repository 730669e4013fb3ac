"""The mail of the demo's past: sent when it would have been, so that it is not all of today."""

from datetime import timedelta

from kierto.database import reading, writing
from kierto.messages.actions import claim, fan_out, mark_sent, mark_unreachable
from kierto.messages.rendering import rendered
from kierto.messages.transport import maildir_path
from kierto.messages.ways import Ways
from kierto.settings import Settings

_LEASE = timedelta(minutes=1)
_MOST = 100


def deliver(settings: Settings) -> None:
    """Send what is due now, into the maildir; where a server or a hook takes any, the worker's turn comes."""
    if maildir_path(settings) is None or settings.sms_url:
        return
    with writing():
        fan_out(_MOST)
    with Ways(settings) as ways:
        while True:
            with writing():
                claimed = claim(_LEASE)
            if claimed is None:
                return
            with reading():
                mail = rendered(claimed.message_id, settings)
            if mail is not None:
                ways.send(mail)
            with writing():
                (mark_sent if mail is not None else mark_unreachable)(claimed)

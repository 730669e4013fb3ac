import json

import pytest
import structlog
from sqlalchemy.exc import IntegrityError

from kierto.cli import logs
from kierto.units.table import Column, NotATable, read


def told_of(fault: Exception) -> dict[str, str]:
    try:
        raise fault
    except Exception:
        event: dict[str, object] = {"event": "it failed", "exc_info": True}
        return dict(logs.tell_fault(None, "error", event))


def test_a_fault_is_told_without_its_words() -> None:
    fault = IntegrityError("INSERT …", {"email": "matti@kierto.test"}, Exception("Key (email)=(matti@kierto.test)"))
    told = told_of(fault)
    assert told["fault"] == "IntegrityError"
    assert "matti" not in json.dumps(told)
    assert "exc_info" not in told


def test_what_caused_a_fault_is_told_too() -> None:
    cause = FileNotFoundError(2, "No such file", "/home/matti")
    fault = RuntimeError("matti")
    fault.__cause__ = cause
    assert told_of(fault)["fault"] == "RuntimeError<FileNotFoundError(2)"


def test_the_places_in_kierto_are_named() -> None:
    with pytest.raises(NotATable) as found:
        read(b"", (Column("name_fi", required=True),))
    assert told_of(found.value)["at"].startswith("table.py:")


def test_an_event_without_a_fault_stays_as_it_is() -> None:
    assert logs.tell_fault(None, "info", {"event": "mail sent", "message_id": 1}) == {
        "event": "mail sent",
        "message_id": 1,
    }


def test_a_line_is_key_value(capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> None:
    logs.configure()
    request.addfinalizer(structlog.reset_defaults)
    structlog.get_logger().info("mail sent", message_id=1)
    line = capsys.readouterr().err
    assert line.startswith("timestamp=20")
    assert line.endswith('level=info event="mail sent" message_id=1\n')

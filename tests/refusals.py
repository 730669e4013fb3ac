"""How a test says that an action is refused."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from kierto.database import writing
from kierto.errors import Refused


@contextmanager
def refused(rule: str, field: str | None = None) -> Iterator[None]:
    """The block is a transaction that the rule refuses, at the field of a form if one is named; nothing of it stays."""
    with pytest.raises(Refused) as fault, writing():
        yield
    assert fault.value.rule.id == rule
    assert field is None or fault.value.field == field

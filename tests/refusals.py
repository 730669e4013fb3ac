"""How a test says that an action is refused, or that a transaction fails."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

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


@contextmanager
def fails(
    fault: type[BaseException],
    unit: Callable[[], AbstractContextManager[None]] = writing,
    match: str | None = None,
) -> Iterator[None]:
    """The block is a transaction (or whatever `unit` opens) that ends with the fault."""
    with pytest.raises(fault, match=match), unit():
        yield

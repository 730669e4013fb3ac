"""The generated pages of docs/ say what the code says."""

import pytest

from tools.docs import DOCS, pages


@pytest.mark.parametrize("name", pages())
def test_a_generated_page_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text() == pages()[name], "run `make docs`"

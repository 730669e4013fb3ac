"""Where breadcrumbs lead: up to pages that the reader may open."""

import pytest

from tests.cast import Cast


@pytest.mark.parametrize(
    ("name", "above"),
    [
        ("coordinator", ["/", "/organisation"]),
        ("administrator", ["/", "/admin/", "/admin/organisations/", "/admin/organisations/{ref}"]),
    ],
)
@pytest.mark.parametrize("below", ["", "/invite"])
def test_above_an_organisations_people_is_where_the_reader_came_from(
    cast: Cast, name: str, above: list[str], below: str
) -> None:
    client = cast.client(name)
    people = f"/organisations/{cast.organisation.ref}/people"
    page = client.get(people + below)
    links = [link.attr("href") or "" for link in page.document.select(".ds-breadcrumbs a")]
    assert links == [one.format(ref=cast.organisation.ref) for one in above] + [people] + [people + below] * bool(below)
    for link in links:
        client.get(link)

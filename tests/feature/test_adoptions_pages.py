"""What has arrived at a unit, and its answers."""

from typing import Any

import pytest

from kierto.database import reading
from kierto.practices.rules import Stage
from tests.cast import Cast, Thing
from tests.client import Page
from tests.scenes import practices_agreed


def to_answer(cast: Cast, who: str = "worker") -> Page:
    return cast.client(who).get(f"/units/{cast.third_unit.ref}/practices")


def answering(page: Page, adoption: Thing[Any], expect: int = 302, **words: str) -> Page:
    """Send the answer to one of the arrivals on the page."""
    form = page.form(f"/adoptions/{adoption.ref}/answer")
    return form.submit(expect, **{f"to-{adoption.ref}-{name}": value for name, value in words.items()})


def stage_of(adoption: Thing) -> Stage:  # type: ignore[type-arg]  # of an adoption
    with reading():
        stage: Stage = adoption.load().stage
        return stage


def test_an_arrival_says_what_it_is_and_takes_an_answer(cast: Cast) -> None:
    page = to_answer(cast)
    assert "Born in: Kallion terveysasema" in page.text
    assert "niin teemme tästä päivästä lähtien" in page.text
    after = answering(page, cast.other_arrival, answer="try").follow()
    assert after.path == f"/units/{cast.third_unit.ref}/practices"
    assert after.message == "Thank you. Your unit tries the practice now."
    assert "To answer" not in after.text
    assert "Being tried" in after.text
    assert stage_of(cast.other_arrival) is Stage.TRYING


def test_adapting_says_what_is_changed(cast: Cast) -> None:
    page = answering(to_answer(cast), cast.other_arrival, 422, answer="adapt", words=" ")
    name = f"to-{cast.other_arrival.ref}"
    assert page.field_errors == {f"{name}-words": "Say what you change. One sentence is enough."}
    assert page.form(f"/adoptions/{cast.other_arrival.ref}/answer").values[f"{name}-answer"] == ["adapt"]
    after = answering(page, cast.other_arrival, words="Saattaja odottaa aulassa.").follow()
    assert "What we changed: Saattaja odottaa aulassa." in after.text
    assert stage_of(cast.other_arrival) is Stage.TRYING


def test_declining_says_why(cast: Cast) -> None:
    page = answering(to_answer(cast), cast.other_arrival, 422, answer="decline")
    assert list(page.field_errors.values()) == [
        "Say why it is not for your unit: the reason helps the next unit. One sentence is enough."
    ]
    after = answering(page, cast.other_arrival, words="Meillä ei ole vastaanottoa.").follow()
    assert after.message == "Thank you. Your reason is shown with the practice, and it helps the other units."
    assert "Not for us, because: Meillä ei ole vastaanottoa." in after.text
    assert "Meillä ei ole vastaanottoa." in cast.client().get(f"/practices/{cast.practice.ref}").text


def test_no_answer_is_asked_for(cast: Cast) -> None:
    page = answering(to_answer(cast), cast.other_arrival, 422, words="Ehkä.")
    assert list(page.field_errors.values()) == ["Choose one of the three answers."]
    assert page.form(f"/adoptions/{cast.other_arrival.ref}/answer").values[f"to-{cast.other_arrival.ref}-words"] == [
        "Ehkä."
    ]
    assert stage_of(cast.other_arrival) is Stage.ARRIVED


def test_an_arrival_that_somebody_answered_first_says_so(cast: Cast) -> None:
    page = to_answer(cast, "coordinator")
    answering(to_answer(cast), cast.other_arrival, answer="decline", words="Ei meille.")
    after = answering(page, cast.other_arrival, answer="try").follow()
    assert after.message == "Your unit has already answered this practice. Its answer is below."
    assert "Ei meille." in after.text
    assert stage_of(cast.other_arrival) is Stage.DECLINED


def test_three_arrivals_cost_no_more_queries_than_one_and_each_has_its_form(cast: Cast) -> None:
    client = cast.client("worker")
    client.get(f"/units/{cast.third_unit.ref}/practices")
    few = client.queries
    made = practices_agreed(cast, 2)
    page = client.get(f"/units/{cast.third_unit.ref}/practices")
    assert len([form for form in page.forms if form.action.startswith("/adoptions/")]) == 3
    assert client.queries == few == 7
    with reading():
        newest = next(one for one in made[1].load().adoptions if one.unit_id == cast.third_unit.id)
        second = Thing(newest)
    wrong = answering(page, second, 422, answer="decline")
    assert len(wrong.errors) == 1
    assert len([form for form in wrong.forms if form.action.startswith("/adoptions/")]) == 3


def test_the_rest_of_the_organisation_reads_without_forms(cast: Cast) -> None:
    for who in ("expert", "host", "other_host"):
        page = to_answer(cast, who)
        assert "Waiting for an answer" in page.text
        assert [form.action for form in page.forms] == ["/sign-out"]


@pytest.mark.parametrize("who", ["visitor", "outsider", "neighbour", "decision_maker"])
def test_units_of_others_are_not_there(cast: Cast, who: str) -> None:
    cast.client(who).get(f"/units/{cast.third_unit.ref}/practices", 404)


@pytest.mark.parametrize(
    ("who", "status"), [("visitor", 404), ("neighbour", 404), ("expert", 403), ("host", 403), ("other_host", 403)]
)
def test_only_the_units_own_people_answer(cast: Cast, who: str, status: int) -> None:
    client = cast.client(who)
    data = {"csrf_token": client.csrf_token(), f"to-{cast.other_arrival.ref}-answer": "try"}
    client.post(f"/adoptions/{cast.other_arrival.ref}/answer", status, data)
    assert stage_of(cast.other_arrival) is Stage.ARRIVED


def test_a_unit_without_practices_says_where_they_come_from(cast: Cast) -> None:
    page = cast.client("neighbour").get(f"/units/{cast.foreign_unit.ref}/practices")
    assert "No practices yet" in page.text


def test_the_address_of_an_answer_leads_back_when_opened(cast: Cast) -> None:
    answer = cast.client("coordinator").get(f"/adoptions/{cast.other_arrival.ref}/answer", 302)
    assert answer.location == f"/units/{cast.third_unit.ref}/practices"

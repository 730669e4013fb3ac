"""Changing one's e-mail address or phone number: both ends confirm it, or a coordinator's call does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from kierto import clock
from kierto.database import reading, session, writing
from kierto.errors import Refused
from kierto.people.models import Person
from kierto.sign_in import passes
from kierto.sign_in.actions import start_session
from kierto.sign_in.contacts import change_contact, confirm_new, confirm_old, remove_contact
from kierto.sign_in.models import Channel, ContactChange, SessionBy
from kierto.sign_in.tokens import confirming_code
from tests.cast import NOW, Cast
from tests.client import Client
from tests.scenes_passes import pass_made
from tests.scenes_sign_in import (
    HERE,
    NEW,
    PHONE,
    address,
    asked,
    begun,
    code_in,
    delivered,
    delivered_to,
    key,
    link_in,
    quiet,
    signed_in_now,
    typed,
    with_phone,
    without_sms,
)
from tests.together import at_once


@pytest.fixture(autouse=True)
def calm(cast: Cast) -> None:
    quiet()


def yes_at_the_old(cast: Cast, address: str) -> Client:
    """Open the link that went to the old address, on another device, and say yes."""
    path = link_in(delivered_to(cast.app, address)[0])
    other = cast.client()
    other.get(path).form(button="Yes, it was me").submit(303)
    return other


# Both ends


@pytest.mark.parametrize("first", ["new", "old"])
def test_an_address_changes_when_both_ends_have_confirmed_it(cast: Cast, first: str) -> None:
    client, old = cast.client("expert"), cast.email("expert")
    begun(client)
    assert {mail.to for mail in delivered(cast.app)} == {NEW, old}
    if first == "new":
        assert "still needs your yes at the old one" in typed(cast, client)
        assert address(cast)[0] == old
        yes_at_the_old(cast, old)
    else:
        page = yes_at_the_old(cast, old).get(link_in(delivered_to(cast.app, old)[0]))
        assert page.heading == "Thank you. One step is left"
        assert address(cast)[0] == old
        assert typed(cast, client) == "Done. From now on we use the new one."
    assert address(cast)[0] == NEW
    assert NEW in client.get("/me/contact").text
    with reading():
        assert session.get_one(Person, cast.id("expert")).email_proved_at is not None


def test_the_first_phone_needs_only_its_own_code_and_the_mail_address_is_told(cast: Cast) -> None:
    client = cast.client("expert")
    begun(client, "sms", "048 000 0001")
    assert typed(cast, client, "sms", PHONE) == "Done. From now on we use the new one."
    assert address(cast) == (cast.email("expert"), PHONE)
    told = delivered_to(cast.app, cast.email("expert"))[0]
    assert link_in(told) == "/me/contact"
    asked(cast.client(), PHONE)
    assert delivered(cast.app)[0].to == PHONE, "proved just now, it is not silent"


def test_opening_the_link_at_the_old_end_answers_nothing(cast: Cast) -> None:
    begun(cast.client("expert"))
    path = link_in(delivered_to(cast.app, cast.email("expert"))[0])
    scanner = cast.client()
    for _ in range(3):
        assert scanner.get(path).form(button="Yes, it was me").action == path
        assert scanner.browser.head(path).status_code == 200
    page = scanner.get(path)
    assert NEW not in page.text, "who reads the old mailbox does not learn the new address"
    assert "u…@kierto.test" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_it_was_not_me_stops_it_and_signs_every_other_device_out(cast: Cast) -> None:
    thief = cast.client("expert")
    begun(thief)
    path = link_in(delivered_to(cast.app, cast.email("expert"))[0])
    with writing():
        token = start_session(cast.id("expert"), SessionBy.LINK, "own")
    own = Client(cast.app, token)
    done = own.get(path).form(button="No, it was not me").submit(303).follow()
    assert done.heading == "The change is stopped"
    thief.get("/me", expect=403)
    own.get("/me")
    assert address(cast)[0] == cast.email("expert")
    own.post(path, expect=303)
    assert address(cast)[0] == cast.email("expert"), "stopped is stopped"


@pytest.mark.parametrize("replaced", [False, True])
def test_it_was_not_me_ends_whatever_was_begun_meanwhile(cast: Cast, replaced: bool) -> None:
    """A stolen session may have begun to change the number as well, and made itself a paper pass to stay in by."""
    with_phone(cast, "expert", email=True)
    thief, old = cast.client("expert"), cast.email("expert")
    begun(thief)
    pass_made(cast)
    if replaced:
        begun(thief, to="toinen@kierto.test")
    begun(thief, "sms", "048 000 0002")
    links = [link_in(mail) for mail in delivered_to(cast.app, old)]
    page = cast.client().get(next(link for link in links if link.startswith("/contact/")))
    assert "a paper pass that was made meanwhile ends" in page.text
    done = page.form(button="No, it was not me").submit(303).follow()
    assert done.heading == "The change is stopped"
    assert done.message.startswith("We stopped every change of your e-mail and phone")
    with reading():
        changes = session.scalars(select(ContactChange).where(ContactChange.person_id == cast.id("expert"))).all()
        assert [change.open for change in changes] == [False] * (2 + replaced)
        assert passes.pass_of(cast.id("expert")) is None
    assert cast.client().get(link_in(delivered_to(cast.app, PHONE)[0])).heading == "The change is stopped"
    assert address(cast) == (old, PHONE)


def test_it_was_not_me_leaves_an_older_pass(cast: Cast) -> None:
    pass_made(cast)
    with clock.at(NOW + timedelta(hours=1)):
        begun(cast.client("expert"))
        link = link_in(delivered_to(cast.app, cast.email("expert"))[0])
        cast.client().get(link).form(button="No, it was not me").submit(303)
    with reading():
        assert passes.pass_of(cast.id("expert")) is not None


def test_a_change_lasts_three_days(cast: Cast) -> None:
    client = cast.client("expert")
    begun(client)
    path, code = link_in(delivered_to(cast.app, cast.email("expert"))[0]), code_in(delivered_to(cast.app, NEW)[0])
    with clock.at(NOW + timedelta(days=2, hours=23)):
        cast.client().get(path)
    with clock.at(NOW + timedelta(days=3, minutes=1)):
        assert cast.client().get(path, expect=410).heading == "This link no longer works"
        cast.client().post(path, expect=303)
        assert client.post("/me/contact/email/code", expect=303, data={"code": code}).location == "/me/contact"
    assert address(cast)[0] == cast.email("expert")


def test_a_new_change_ends_the_one_before(cast: Cast) -> None:
    client = cast.client("expert")
    begun(client)
    early = link_in(delivered_to(cast.app, cast.email("expert"))[0])
    begun(client, to="toinen@kierto.test")
    assert cast.client().get(early).heading == "The change is stopped"


def test_one_may_let_it_be(cast: Cast) -> None:
    client = cast.client("expert")
    begun(client)
    page = client.get("/me/contact")
    assert NEW in page.text
    assert page.form(action="/me/contact/email/stop").submit(303).follow().message.startswith("The change is stopped.")
    assert NEW not in client.get("/me/contact").text


def test_wrong_codes_end_the_code(cast: Cast) -> None:
    client = cast.client("expert")
    begun(client)
    right = code_in(delivered_to(cast.app, NEW)[0])
    wrong = "000000" if right != "000000" else "000001"
    said = [client.post("/me/contact/email/code", expect=422, data={"code": wrong}).errors[0] for _ in range(5)]
    assert "Tries left: 4." in said[0]
    assert "Begin the change again" in said[4]
    client.post("/me/contact/email/code", expect=422, data={"code": right})
    assert address(cast)[0] == cast.email("expert")


def test_somebody_elses_address_is_answered_alike_until_its_code_is_typed(cast: Cast) -> None:
    pages = []
    for name, to in (("expert", cast.email("host")), ("other_expert", NEW)):
        client = cast.client(name)
        begun(client, to=to)
        pages.append(client.get("/me/contact/email/code").text.replace(to, "…").replace(cast.email(name), "…"))
    assert len({len(page) for page in pages}) == 1
    client = cast.client("expert")
    yes_at_the_old(cast, cast.email("expert"))
    code = code_in(delivered_to(cast.app, cast.email("host"))[0])
    page = client.post("/me/contact/email/code", expect=422, data={"code": code})
    assert page.field_errors["code"] == (
        "This address cannot be taken into use here. Call us, and we look into it together."
    )
    assert "Päivi" not in page.text
    assert address(cast)[0] == cast.email("expert")


def test_an_address_is_asked_for_as_often_as_a_sign_in_message(cast: Cast) -> None:
    client = cast.client("expert")
    for _ in range(5):
        begun(client)
    client.post("/me/contact/email", expect=429, data={"address": NEW})


@pytest.mark.parametrize(
    ("channel", "to", "told"),
    [
        ("email", "x", "not whole"),
        ("sms", "12", "not a whole phone number"),
        ("email", "EXPERT@kierto.test", "the address that we have already"),
    ],
)
def test_what_cannot_be_an_address_is_told_how_to_mend(cast: Cast, channel: str, to: str, told: str) -> None:
    page = cast.client("expert").post(f"/me/contact/{channel}", expect=422, data={"address": to})
    assert told in page.errors[0]


def test_there_are_no_other_kinds_of_addresses(cast: Cast) -> None:
    cast.client("expert").get("/me/contact/fax", expect=404)


# Removing


def test_the_only_address_stays(cast: Cast) -> None:
    """Rule person-reachable."""
    client = cast.client("expert")
    assert "/me/contact/email/remove" not in [form.action for form in client.get("/me/contact").forms]
    assert "our only way to reach you" in client.post("/me/contact/email/remove", expect=422).text


def test_an_address_goes_when_it_says_yes_itself(cast: Cast) -> None:
    with_phone(cast, "expert", email=True)
    client, old = cast.client("expert"), cast.email("expert")
    client.get("/me/contact").form(action="/me/contact/email/remove").submit(303)
    assert address(cast)[0] == old
    done = yes_at_the_old(cast, old).get(link_in(delivered_to(cast.app, old)[0]))
    assert done.heading == "The change is done"
    assert address(cast) == (None, PHONE)
    assert delivered(cast.app)[0].to == PHONE, "told where the person is reached now"


def removing_both(cast: Cast) -> list[int]:
    """Two removals that have begun, each while the other address was there."""
    with_phone(cast, "expert", email=True)
    with writing():
        return [remove_contact(cast.actor("expert"), channel).id for channel in Channel]


def test_what_has_become_the_only_address_stays(cast: Cast) -> None:
    """Rule person-reachable."""
    removing_both(cast)
    phone = link_in(delivered_to(cast.app, PHONE)[0])
    yes_at_the_old(cast, cast.email("expert"))
    refused = cast.client().get(phone).form(button="Yes, it was me").submit(422)
    assert "our only way to reach you" in refused.text
    assert address(cast) == (None, PHONE)
    coordinator = cast.client("coordinator")
    call = coordinator.get(f"/calls/{cast.people['expert'].ref}")
    refused = call.form(button="We spoke, and they want it the phone number").submit(422)
    assert "our only way to reach you" in refused.text
    assert address(cast) == (None, PHONE)


def test_a_number_that_cannot_be_asked_is_not_said_to_have_been(cast: Cast) -> None:
    with_phone(cast, "expert", proved=False, email=True)
    with clock.at(NOW + timedelta(days=400)):
        page = signed_in_now(cast, "expert").get("/me/contact")
        assert "This number has not been confirmed yet." in page.text
        assert "for a year" not in page.text
        done = page.form(action="/me/contact/sms/remove").submit(303).follow()
        assert done.message == (
            "We cannot send a link to this number. Call your coordinator: they remove it together with you."
        )


def test_nor_is_one_where_no_text_messages_are_sent(cast: Cast) -> None:
    with_phone(cast, "expert", email=True)
    form = cast.client("expert").get("/me/contact").form(action="/me/contact/sms/remove")
    with without_sms(cast):
        assert form.submit(303).follow().message.startswith("We cannot send a link to this number.")
    assert form.submit(303).follow().message.startswith("We sent a link there.")


# At one moment


def test_both_addresses_do_not_go_at_one_moment(cast: Cast) -> None:
    """Rule person-reachable: the person's lock guards it."""
    changes = removing_both(cast)
    me = cast.actor("expert")

    def saying_yes(change: int) -> Callable[[], bool]:
        return lambda: confirm_old(me, session.get_one(ContactChange, change))

    done = at_once(cast.app, [saying_yes(change) for change in changes])
    refused = [one for one in done if isinstance(one, Refused)]
    assert [one for one in done if one is True] == [True]
    assert [one.rule.id for one in refused] == ["person-reachable"]
    assert len([one for one in address(cast) if one]) == 1


def test_both_ends_at_one_moment_change_the_address_once(cast: Cast) -> None:
    with writing():
        change = change_contact(cast.actor("expert"), Channel.EMAIL, NEW, HERE, key(cast))
    id_, code, me = change.id, confirming_code(change, key(cast)), cast.actor("expert")

    def new() -> bool:
        return confirm_new(me, session.get_one(ContactChange, id_), code, key(cast)).changed

    def old() -> bool:
        return confirm_old(me, session.get_one(ContactChange, id_))

    assert sorted(map(bool, at_once(cast.app, [new, old]))) == [False, True]
    assert address(cast)[0] == NEW


def test_one_new_address_at_one_moment_for_two_people_is_one_persons(cast: Cast) -> None:
    """Rule person-reached-once."""

    def confirming(name: str) -> Callable[[], bool]:
        actor = cast.actor(name)
        with writing():
            change = change_contact(actor, Channel.SMS, PHONE, HERE, key(cast))
            id_, code = change.id, confirming_code(change, key(cast))
        return lambda: confirm_new(actor, session.get_one(ContactChange, id_), code, key(cast)).changed

    done = at_once(cast.app, [confirming("expert"), confirming("other_expert")])
    refused = [one for one in done if isinstance(one, Refused)]
    assert [one for one in done if one is True] == [True]
    assert [one.rule.id for one in refused] == ["person-reached-once"]


def test_a_code_typed_after_the_change_is_over_is_refused(cast: Cast) -> None:
    """Rule contact-both-ends."""
    with writing():
        change = change_contact(cast.actor("expert"), Channel.EMAIL, NEW, HERE, key(cast))
    code = confirming_code(change, key(cast))
    with clock.at(NOW + timedelta(days=4)), pytest.raises(Refused) as refused, writing():
        confirm_new(cast.actor("expert"), session.get_one(ContactChange, change.id), code, key(cast))
    assert refused.value.rule.id == "contact-both-ends"

"""Who is in: sessions, cookies, declarations of views."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select, update

from kierto import clock
from kierto.actor import VISITOR, Actor, Identified, Role
from kierto.database import reading, session, writing
from kierto.errors import Forbidden
from kierto.people.actions import give_role
from kierto.people.models import Member
from kierto.people.queries import actor_for
from kierto.policy import Permission
from kierto.sign_in.actions import end_session, new_sign_in_link, start_session, use_sign_in_link
from kierto.sign_in.models import PersonSession, SessionBy, SignInRequest
from kierto.sign_in.queries import actor_of
from kierto.sign_in.tokens import hashed, link_token, new_token
from kierto.web.guard import SESSION_TOKEN, Guarded, UndeclaredView, public, requires, sees, set_up
from tests.cast import NAMES, NOW, Cast
from tests.client import Client

A_COORDINATORS_PAGE = "/rounds/new"


def with_cookie(app: Flask, content: object, *, key: str | None = None) -> Client:
    """A browser whose session cookie holds this, signed with the key (the application's own unless given)."""
    client = Client(app)
    interface = app.session_interface
    assert isinstance(interface, SecureCookieSessionInterface)
    signer = URLSafeTimedSerializer(
        key or str(app.secret_key),
        salt=interface.salt,
        serializer=interface.serializer,
        signer_kwargs={"key_derivation": "hmac", "digest_method": interface.digest_method},
    )
    client.browser.set_cookie("kierto", str(signer.dumps(content)))
    return client


def test_a_session_lets_its_person_in(app: Flask, cast: Cast) -> None:
    with_cookie(app, {SESSION_TOKEN: cast.token("coordinator")}).get(A_COORDINATORS_PAGE)
    cast.client("coordinator").get(A_COORDINATORS_PAGE)


def test_a_cookie_signed_by_a_stranger_lets_nobody_in(app: Flask, cast: Cast) -> None:
    forged = with_cookie(app, {SESSION_TOKEN: cast.token("coordinator")}, key="a stranger's key, just as long as ours")
    forged.get("/me", expect=403)
    forged.get("/")


@pytest.mark.parametrize("token", ["made up", "", 7, None, ["x"], {"x": 1}])
def test_a_token_nobody_was_given_lets_nobody_in(app: Flask, token: object) -> None:
    client = with_cookie(app, {SESSION_TOKEN: token})
    client.get("/me", expect=403)
    client.get("/")


def test_the_database_holds_no_token(cast: Cast) -> None:
    with reading():
        stored = set(session.scalars(select(PersonSession.token_hash)))
    assert hashed(cast.token("host")) in stored
    assert not stored & set(cast.tokens.values())


def test_an_ended_session_lets_nobody_in(cast: Cast) -> None:
    client, other_device = cast.client("coordinator"), cast.client("coordinator", strongly=True)
    client.get("/me")
    with writing():
        end_session(cast.token("coordinator"))
        end_session(cast.token("coordinator"))
    client.get("/me", expect=403)
    other_device.get("/me")


def test_a_session_ends_after_thirty_days(cast: Cast) -> None:
    client = cast.client("coordinator")
    with clock.at(NOW + timedelta(days=29)):
        client.get("/me")
    with clock.at(NOW + timedelta(days=30, minutes=1)):
        client.get("/me", expect=403)


def test_who_lost_a_role_loses_its_pages_at_once(cast: Cast) -> None:
    client = cast.client("coordinator")
    client.get(A_COORDINATORS_PAGE)
    with writing():
        session.execute(
            update(Member).where(Member.person_id == cast.id("coordinator")).values(role=Role.DECISION_MAKER)
        )
    client.get(A_COORDINATORS_PAGE, expect=404)


@pytest.mark.parametrize("name", NAMES)
def test_the_actor_of_a_session_is_the_person(cast: Cast, name: str) -> None:
    actor = cast.actor(name)
    assert actor.person_id == cast.id(name)
    assert actor.name == NAMES[name][0]
    assert actor.identified is Identified.WEAKLY
    assert cast.actor(name, strongly=True).identified is Identified.STRONGLY
    with reading():
        assert actor_for(cast.people[name].load()).memberships == actor.memberships
    assert actor.administrator == (name == "administrator")


def test_what_the_cast_may_be(cast: Cast) -> None:
    mine = cast.organisation.id
    assert cast.actor("coordinator").is_in(mine, Role.COORDINATOR)
    assert cast.actor("host").hosts(cast.unit.id)
    assert not cast.actor("staff").hosts(cast.unit.id)
    assert cast.actor("staff").units == {cast.unit.id}
    assert cast.actor("expert").is_in(mine, Role.EXPERT)
    assert not cast.actor("applicant").memberships
    assert cast.actor("neighbour").organisations == {cast.other_organisation.id}
    assert cast.actor("outsider").organisations == frozenset()
    assert not cast.actor("visitor").signed_in


def test_several_roles_are_one_actor(cast: Cast) -> None:
    with writing():
        expert = cast.people["expert"].load()
        give_role(cast.actor("coordinator"), expert, cast.organisation.id, Role.STAFF, cast.other_unit.id)
        give_role(cast.actor("neighbour"), expert, cast.other_organisation.id, Role.COORDINATOR)
    actor = cast.actor("expert")
    assert {membership.role for membership in actor.memberships} == {Role.EXPERT, Role.STAFF, Role.COORDINATOR}
    assert actor.organisations == {cast.organisation.id, cast.other_organisation.id}
    assert actor.organisations_as(Role.COORDINATOR) == {cast.other_organisation.id}


def test_an_unknown_token_is_nobody(app: Flask) -> None:
    with reading():
        assert actor_of(new_token()) is None


# The link


def link(cast: Cast, name: str = "expert") -> tuple[int, str]:
    with writing():
        made = new_sign_in_link(cast.people[name].load())
    return made.id, link_token(made, str(cast.app.config["KIERTO"].secret_key))


def test_a_link_works_once(cast: Cast) -> None:
    id_, _token = link(cast)
    with writing():
        own = use_sign_in_link(session.get_one(SignInRequest, id_), "tests")
        assert own is not None
        assert use_sign_in_link(session.get_one(SignInRequest, id_), "tests") is None
    with reading():
        found = actor_of(own)
    assert found is not None
    assert (found.person_id, found.identified) == (cast.id("expert"), Identified.WEAKLY)


def test_a_link_works_for_half_an_hour(cast: Cast) -> None:
    id_, _token = link(cast)
    with clock.at(NOW + timedelta(minutes=31)), writing():
        assert use_sign_in_link(session.get_one(SignInRequest, id_), "tests") is None


def test_opening_a_link_uses_nothing_up_pressing_does(cast: Cast) -> None:
    _id, token = link(cast)
    client = cast.client()
    page = client.get(f"/sign-in/{token}")
    client.get(f"/sign-in/{token}")
    assert page.form().submit(expect=303).location == "/me"
    client.get("/me")
    cast.client().get(f"/sign-in/{token}", expect=410)


@pytest.mark.parametrize("token", ["x", "MQ.AAAA", "Imp1c3RpbiI"])
def test_a_made_up_link_lets_nobody_in(cast: Cast, token: str) -> None:
    cast.client().get(f"/sign-in/{token}", expect=410)
    cast.client().post(f"/sign-in/{token}", expect=410)


def test_signing_in_leaves_no_trace_of_who_was_before(cast: Cast) -> None:
    """The device's earlier session is ended, not only forgotten."""
    _id, token = link(cast)
    client = cast.client("host")
    client.get(f"/sign-in/{token}").form().submit(expect=303)
    with reading():
        assert actor_of(cast.token("host")) is None


def test_signing_out_ends_the_session(cast: Cast) -> None:
    client = cast.client("host")
    page = client.get("/me")
    page.form("/sign-out").submit(expect=303)
    client.get("/me", expect=403)
    with reading():
        assert actor_of(cast.token("host")) is None


def test_the_cookie_is_for_the_server_alone(cast: Cast) -> None:
    _id, token = link(cast)
    page = cast.client().get(f"/sign-in/{token}").form().submit(expect=303)
    cookie = next(one for one in page.headers.getlist("Set-Cookie") if one.startswith("kierto="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie  # the tests' base URL is plain HTTP


# Tokens of forms


def test_a_press_without_its_token_changes_nothing(cast: Cast) -> None:
    client = cast.client("expert")
    client.post(f"/meetings/{cast.proposed.ref}/seat", expect=400, csrf=False)
    client.post(f"/meetings/{cast.proposed.ref}/seat", expect=400, csrf=False, data={"csrf_token": "made up"})
    with reading():
        assert cast.proposed.load().seats_taken == 1


def test_a_token_of_another_browser_is_none(cast: Cast) -> None:
    stolen = cast.client("host").csrf_token()
    with cast.app.app_context():
        client = cast.client("expert")
        with client.browser.session_transaction() as own:
            own["csrf_token"] = "f" * 40
    client.post(f"/meetings/{cast.proposed.ref}/seat", expect=400, csrf=False, data={"csrf_token": stolen})


# Declarations


def test_an_application_with_an_undeclared_view_does_not_start(app: Flask) -> None:
    app = Flask("bare")
    app.add_url_rule("/open", "open", public(lambda: "open"))
    set_up(app)
    app.add_url_rule("/bare", "bare", lambda: "bare")
    app.add_url_rule("/worse", "worse", lambda: "worse")
    with pytest.raises(UndeclaredView, match=r"bare, worse"):
        set_up(app)


def test_every_view_is_guarded(app: Flask) -> None:
    assert all(isinstance(view, Guarded) for name, view in app.view_functions.items() if name != "static")


class Thing:
    organisation_id = 1


def a_thing(_actor: Actor, ref: str) -> Thing:
    assert ref == "abc"
    return Thing()


def test_a_view_gets_the_loaded_thing_and_the_rest_of_the_address(app: Flask) -> None:
    def show(thing: Thing, day: str) -> str:
        return f"{type(thing).__name__} {day}"

    view = sees(a_thing)(show)
    with app.test_request_context():
        assert view(ref="abc", day="ma") == "Thing ma"


def test_what_the_policy_forbids_never_reaches_the_view(app: Flask) -> None:
    def act(_thing: Thing) -> str:
        return "done"

    never: Permission[Thing] = Permission("thing.do", (lambda _actor, _thing: False,))
    always: Permission[Thing] = Permission("thing.do", (lambda _actor, _thing: False, lambda _actor, _thing: True))
    with app.test_request_context():
        assert requires(always, of=a_thing)(act)(ref="abc") == "done"
        with pytest.raises(Forbidden):
            requires(never, of=a_thing)(act)(ref="abc")


def test_a_visitor_is_nobody() -> None:
    assert not VISITOR.signed_in
    assert VISITOR.identified is Identified.NOT


def test_who_signs_in_by_the_demo_is_known_weakly(cast: Cast) -> None:
    with writing():
        token = start_session(cast.id("host"), SessionBy.DEMO, "tests")
    with reading():
        found = actor_of(token)
    assert found is not None
    assert found.identified is Identified.WEAKLY


def test_an_unknown_address_still_knows_who_asks(cast: Cast) -> None:
    page = cast.client("expert").get("/nowhere", 404)
    assert "Matti Virtanen" in page.document.select("header")[0].text

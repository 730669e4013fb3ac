"""What administrators see of Kierto itself: the log, the queue, the settings. No more of people than the log holds."""

from datetime import timedelta
from itertools import count

from flask import Flask
from sqlalchemy import select

from kierto import __version__, clock
from kierto.actor import Role
from kierto.database import reading, session, upgrade, writing
from kierto.events.catalogue import KINDS
from kierto.events.models import Event
from kierto.events.saying import TOPICS, WORDS, said
from kierto.jobs.actions import enqueue, sign_of_life
from kierto.messages.models import Message, MessageState
from kierto.messages.queue import retry_failed
from kierto.people.actions import give_role
from kierto.practices.rules import Stage
from kierto.privacy.erasing import erase_person
from kierto.units.importing import KIND
from kierto.words import speaking
from tests.cast import NOW, Cast
from tests.scenes import meetings_booked, practices_agreed, seat_taken
from tests.scenes_sign_in import PHONE, asked, quiet, with_phone
from tests.worker_day import messages_sent

_NUMBERS = count(500)


def a_message(cast: Cast, number: int, state: MessageState, fault: str | None = None) -> int:
    with writing():
        message = Message(
            organisation_id=cast.organisation.id,
            dedupe_key=f"queue-{number}",
            kind="meeting.booked",
            event_id=1,
            subject_id=cast.proposed.id,
            person_id=cast.id("host"),
            state=state,
            attempts=12,
            next_attempt_at=clock.now() + timedelta(hours=6),
            created_at=clock.now() - timedelta(days=2),
            fault=fault,
        )
        session.add(message)
        session.flush()
        return message.id


def test_the_log_is_read_newest_first_in_plain_sentences(cast: Cast) -> None:
    page = cast.client("administrator").get("/admin/events")
    rows = [row.text for row in page.document.select("tbody tr")]
    assert len(rows) == 50
    with reading(), speaking("en"):
        events = session.scalars(select(Event).order_by(Event.id.desc()).limit(50)).all()
        assert all(said(event) in row for event, row in zip(events, rows, strict=True))
    older = page.click("Show more")
    assert next(row.text for row in older.document.select("tbody tr")) not in rows
    assert "/admin/events" in older.links["To the beginning"]


def test_the_log_is_narrowed_down(cast: Cast) -> None:
    client = cast.client("administrator")
    by_kind = client.get("/admin/events?kind=practice.agreed")
    assert len(by_kind.document.select("tbody tr")) == 1
    assert "Päivi Lahtinen" in by_kind.text
    by_organisation = client.get(f"/admin/events?organisation={cast.other_organisation.ref}")
    assert "Metsien hyvinvointialue" in by_organisation.text
    assert "Rannikon" not in " ".join(row.text for row in by_organisation.document.select("tbody tr"))
    by_day = client.get("/admin/events?day=2027-01-08")
    assert {row.select_one("time").attr("datetime")[:10] for row in by_day.document.select("tbody tr")} == {  # type: ignore[union-attr,index]  # each row has its time
        "2027-01-08"
    }
    by_actor = by_kind.click("Päivi Lahtinen")
    assert "Only what this person did: Päivi Lahtinen" in by_actor.text
    assert "Aino Koskinen" not in by_actor.text
    assert "Nothing like this" in client.get("/admin/events?day=2020-01-01").text
    client.get("/admin/events?before=x&organisation=zzz&kind=none&day=huomenna")


def test_the_log_tells_of_an_erased_person_as_such(cast: Cast) -> None:
    with writing():
        erase_person(cast.actor("host"), cast.id("host"))
    page = cast.client("administrator").get("/admin/events?kind=practice.agreed")
    assert "A person whose data was erased" in page.text
    assert "Päivi" not in page.text


def test_the_log_holds_no_addresses(cast: Cast) -> None:
    assert "@" not in cast.client("administrator").get("/admin/events").text


def test_a_page_of_the_log_costs_the_same_whoever_is_in_it(cast: Cast) -> None:
    """One query for each table that its events point to, however many point there."""
    client = cast.client("administrator")

    def seen() -> dict[str, tuple[int, int]]:
        found = {}
        for kind in ("meeting.booked", "seat.taken", "membership.given", "practice.agreed"):
            rows = client.get(f"/admin/events?kind={kind}").document.select("tbody tr")
            found[kind] = (len(rows), client.queries)
        return found

    meetings_booked(cast, 1)
    few = seen()
    meetings_booked(cast, 3, first=1)
    practices_agreed(cast, 2)
    _coordinators(cast, 3)
    for kind, (rows, queries) in seen().items():
        assert rows > few[kind][0], kind
        assert queries == few[kind][1] <= 12, kind


def _coordinators(cast: Cast, number: int) -> None:
    with writing():
        for _one in range(number):
            person = cast.new_expert(next(_NUMBERS))
            give_role(cast.actor("coordinator"), person, cast.organisation.id, Role.COORDINATOR)


def test_a_row_says_to_what_where_and_by_whom(cast: Cast) -> None:
    client = cast.client("administrator")
    booked = client.get("/admin/events?kind=meeting.booked").document.select("tbody tr")
    told = next(row for row in booked if "Kallion terveysasema" in row.text)
    assert "The meeting was booked." in told.text
    assert "Rannikon hyvinvointialue" in told.text
    assert f"/admin/organisations/{cast.organisation.ref}" in str(told.html)
    given = client.get("/admin/events?kind=membership.given")
    row = next(row for row in given.document.select("tbody tr") if "Päivi Lahtinen" in row.text)
    assert "Contact person of a unit" in row.text
    assert f"/admin/people/{cast.people['host'].ref}" in str(row.html)
    for link in given.all_links:
        if link.startswith(("/admin/people/", "/meetings/", "/units/", "/experts/", "/rounds/", "/practices/")):
            client.get(link)


def test_kinds_are_chosen_by_words_under_their_topics(cast: Cast) -> None:
    page = cast.client("administrator", language="fi").get("/admin/events")
    topics = {one.attr("label"): one.text for one in page.document.select("optgroup")}
    assert len(topics) == len(TOPICS) + 1
    assert "Kokemusasiantuntija hyväksyttiin" in topics["Kokemusasiantuntijat"]
    assert "… yksikköä" in page.text
    assert not [kind for kind in KINDS if kind in page.text]


def test_whoever_is_only_an_expert_is_not_named_to_an_administrator(cast: Cast) -> None:
    """Who is an expert somewhere is not theirs to know; what one of them did can be followed all the same."""
    (meeting,) = meetings_booked(cast, 1)
    seat_taken(cast, "expert", meeting)
    client = cast.client("administrator")
    page = client.get("/admin/events?kind=seat.taken")
    assert "Matti Virtanen" not in page.text
    only = page.click("An expert or applicant, not named")
    assert "Only what this person did: An expert or applicant, not named" in only.text
    assert "Matti Virtanen" not in client.get("/admin/events?kind=expert.approved").text
    with writing():
        administrator = cast.people["administrator"].load()
        give_role(cast.actor("coordinator"), administrator, cast.organisation.id, Role.COORDINATOR)
    both = cast.client("administrator")
    assert "Matti Virtanen" in both.get("/admin/events?kind=seat.taken").text, "whoever coordinates them knows them"
    added = both.get("/admin/events?kind=expert.approved")
    assert [link for link in added.all_links if link.startswith("/experts/")]


def test_enumerated_values_are_said_in_words() -> None:
    assert {stage.value for stage in Stage} <= set(WORDS)
    event = Event(kind="adoption.answered", data={"practice_id": 1, "unit_id": 2, "stage": "trying"})
    assert said(event) == "Yksikkö vastasi: kokeillaan."
    assert said(Event(kind="of.tomorrow", data={})) == "of.tomorrow"
    assert "of.tomorrow" not in KINDS


def test_failed_messages_are_sent_again_once(app: Flask, cast: Cast) -> None:
    messages_sent(app)
    failed = [a_message(cast, number, MessageState.FAILED, "550 no such user") for number in range(3)]
    a_message(cast, 9, MessageState.UNREACHABLE)
    page = cast.client("administrator").get("/admin/queue")
    assert "550 no such user" in page.text
    assert "Could not be sent" in page.text
    assert "No address" in page.text
    assert "The meeting was booked" in page.text
    assert "meeting.booked" not in page.text
    after = page.form("/admin/queue/retry").submit(expect=303).follow()
    assert "3 messages are sent again." in after.message
    with reading():
        for number in failed:
            message = session.get_one(Message, number, populate_existing=True)
            assert (message.state, message.next_attempt_at <= clock.now()) == (MessageState.DUE, True)
        assert len(session.scalars(select(Event).where(Event.kind == "message.retried")).all()) == 3
    with writing():
        assert retry_failed(cast.actor("administrator"), "meeting.booked") == 0
    messages_sent(app)
    with reading():
        assert session.get_one(Message, failed[0], populate_existing=True).state is MessageState.SENT


def test_a_silent_number_and_an_unknown_address_are_called_what_they_are(app: Flask, cast: Cast) -> None:
    quiet()
    messages_sent(app)
    with_phone(cast, "expert", proved=False)
    asked(cast.client(), PHONE)
    client = cast.client("administrator")
    assert "Nobody has the address" not in client.get("/admin/queue").text
    asked(cast.client(), "nobody@example.org")
    messages_sent(app)
    page = client.get("/admin/queue")
    rows = [row.text for row in page.document.select("tbody tr")]
    assert len([row for row in rows if "The number has been silent long: a coordinator calls" in row]) == 1
    assert len([row for row in rows if "Nobody has the address" in row]) == 1
    assert "No address" not in page.text


def test_the_queue_says_whether_a_worker_lives(cast: Cast) -> None:
    client = cast.client("administrator")
    assert "No worker is heard of" in client.get("/admin/queue").text
    with writing():
        sign_of_life("host:1", "1.0")
        enqueue(cast.actor("coordinator"), cast.organisation.id, KIND, {}, b"x", "yksikot.csv")
    page = client.get("/admin/queue")
    assert "No worker is heard of" not in page.text
    assert "host:1" in page.text
    assert "Import of units" in page.text
    assert KIND not in page.text
    assert "yksikot.csv" not in page.text, "what somebody sent is not the administrator's to read"
    with clock.at(NOW + timedelta(minutes=5)):
        assert "No worker is heard of" in client.get("/admin/queue").text


def test_settings_are_shown_and_secrets_are_not(app: Flask, cast: Cast) -> None:
    settings = app.config["KIERTO"]
    page = cast.client("administrator").get("/admin/settings")
    for shown in (__version__, str(upgrade.newest()), settings.mail_from, "KIERTO_SECRET_KEY", "KIERTO_HELP_PHONE"):
        assert shown in page.text
    for hidden in (settings.secret_key, *settings.encryption_keys, settings.database_url, settings.mail_url):
        assert hidden not in page.html
    finnish = cast.client("administrator", language="fi").get("/admin/settings")
    assert "At least 32 characters" not in finnish.text
    assert "at least 32 characters" not in finnish.text

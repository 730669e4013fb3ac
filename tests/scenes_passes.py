"""Paper passes of the cast, and browsers in which one is open."""

from sqlalchemy import select

from kierto.database import reading, session, writing
from kierto.people.models import Expert
from kierto.sign_in.models import PaperPass
from kierto.sign_in.passes import make_pass
from tests.cast import NAMES, Cast
from tests.client import Client

DIGITS = "2580"

NO_ZBAR = "No zbarimg here: install your system's package `zbar-tools`."


def pass_made(cast: Cast, name: str = "expert", digits: str = DIGITS) -> str:
    """The token of a new pass of the person, made by themself."""
    with writing():
        return make_pass(cast.actor(name), cast.people[name].load(), digits, secret_key(cast)).token


def opened(cast: Cast, token: str, digits: str = DIGITS, client: Client | None = None) -> Client:
    """A browser, a stranger's unless given, in which the right digits were given."""
    client = client or cast.client()
    client.get(f"/pass/{token}").form().submit(303, digits=digits)
    client.browser.delete_cookie("kierto_language")  # the pass speaks its person's language; the tests read English
    return client


def ref_of_expert(cast: Cast, name: str = "expert") -> str:
    """The reference of the person in the organisation's register of experts."""
    of_person = select(Expert.ref).where(Expert.person_id == cast.id(name))
    with reading():
        return session.scalars(of_person.where(Expert.organisation_id == cast.organisation.id)).one()


def secret_key(cast: Cast) -> str:
    return str(cast.app.config["KIERTO"].secret_key)


def assert_names_nobody(cast: Cast, text: str) -> None:
    """Nobody of the cast and no theme: a paper may be lost, a screen looked at by others."""
    for name, (called, _language) in NAMES.items():
        assert called not in text
        assert called.split()[-1] not in text
        assert cast.email(name) not in text
    with reading():
        theme = cast.confirmed.load().theme.name
        for words in (theme.fi, theme.sv, theme.en):
            assert words is None or words not in text


def paper_of(cast: Cast, name: str = "expert") -> PaperPass:
    """The newest pass of the person, ended or not, as it was when it was read."""
    newest = select(PaperPass).where(PaperPass.person_id == cast.id(name)).order_by(PaperPass.id.desc()).limit(1)
    with reading():
        paper = session.scalars(newest).one()
        session.expunge(paper)
        return paper

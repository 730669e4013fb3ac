"""Sign-in providers of the cast's organisations, and people who come through them."""

from kierto.database import reading, session, writing
from kierto.sign_in.providers import Place, Wanted, add_provider
from kierto.units.models import Organisation
from kierto.words import Localised
from tests.cast import Cast, Thing
from tests.client import Client

CLIENT = "kierto"


def place_of(organisation: Thing[Organisation]) -> Place:
    with reading():
        row = organisation.load()
        return Place(row.id, row.ref, row.name)


def provider_added(
    cast: Cast,
    issuer: str,
    *,
    strong: bool = True,
    name: str = "Rannikon kirjautuminen",
    of: Thing[Organisation] | None = None,
    secret: str = "secret",  # noqa: S107 - of a provider that lives as long as a test
) -> str:
    """The reference of a new provider of the organisation."""
    where = place_of(of or cast.organisation)
    wanted = Wanted(Localised(name), CLIENT, secret, strong=strong)
    with writing():
        row = add_provider(cast.actor("administrator"), where, issuer, wanted)
        session.flush()
        return row.ref


def begun(client: Client, ref: str) -> str:
    """The provider's address that a press on the sign-in page leads to."""
    return str(client.get(f"/sign-in/with/{ref}", 303).headers["Location"])

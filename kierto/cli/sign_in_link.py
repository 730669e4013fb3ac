"""`kierto sign-in-link`: lets one person in when no page or mail can: the first administrator, a lost mailbox."""

from urllib.parse import urljoin

import click

from kierto.cli.application import application
from kierto.database import writing
from kierto.errors import Refused
from kierto.people import actions, queries
from kierto.people.models import Person
from kierto.settings import Settings
from kierto.sign_in.actions import new_sign_in_link
from kierto.sign_in.rules import REQUEST_LASTS
from kierto.sign_in.tokens import link_token


@click.command()
@click.argument("person", metavar="EMAIL|REF")
@click.option("--create-administrator", metavar="NAME", help="Make the person first, as an administrator.")
def sign_in_link(person: str, create_administrator: str | None) -> None:
    """Print a link that signs a person in, once, within 30 minutes.

    The person is named by e-mail address, or by the ten characters of their reference.
    """
    settings = Settings.from_environ()
    with application(settings), writing():
        found = _made(person, create_administrator) if create_administrator else _found(person)
        link = new_sign_in_link(found)
        token = link_token(link, settings.secret_key)
    minutes = int(REQUEST_LASTS.total_seconds()) // 60
    click.echo(f"For {found.name}. Works once, for {minutes} minutes:", err=True)
    click.echo(urljoin(settings.base_url, f"/sign-in/{token}"))


def _found(person: str) -> Person:
    found = queries.person_with_email(person) if "@" in person else queries.person_with_ref(person)
    if found is None:
        raise click.ClickException(
            f"Nobody is known as {person}. Give the e-mail address they are registered with, or their reference."
        )
    return found


def _made(email: str, name: str) -> Person:
    if "@" not in email:
        raise click.ClickException("An administrator is made with an e-mail address: give that instead.")
    try:
        return actions.add_person(name.strip(), email=email, administrator=True)
    except Refused as fault:
        raise click.ClickException(
            f"{email} is registered already. Leave --create-administrator out to get a link for that person."
        ) from fault

"""`kierto check`: whether Kierto could run here, one line a matter, each with how to mend it."""

import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import click
from cryptography.fernet import Fernet
from sqlalchemy.exc import SQLAlchemyError

from kierto.cli.application import application
from kierto.database import upgrade
from kierto.messages.transport import maildir_path, server_address
from kierto.messages.ways import reaches
from kierto.settings import Settings
from kierto.sign_in.models import Channel

PATIENCE = 5
"""Seconds that a server has to answer."""


class Fault(Exception):
    """What is wrong, and how to mend it."""


@click.command()
@click.option("--new-key", is_flag=True, help="Only print a new key for KIERTO_ENCRYPTION_KEYS.")
def check(*, new_key: bool) -> None:
    """Look at settings, instance folder, database and mail; ends with 1 when something must be mended."""
    if new_key:
        click.echo(Fernet.generate_key().decode())
        return
    settings = Settings.from_environ()
    click.echo("ok     settings: every one can be used")
    found = [_said(name, look, settings) for name, look in _looks()]
    sys.exit(0 if all(found) else 1)


def _looks() -> Iterator[tuple[str, Callable[[Settings], str]]]:
    yield "instance", _instance
    yield "database", _database
    yield "mail", _mail
    yield "text messages", _sms


def _said(name: str, look: Callable[[Settings], str], settings: Settings) -> bool:
    try:
        words = look(settings)
    except Fault as fault:
        click.echo(f"MEND   {name}: {fault}")
        return False
    click.echo(f"ok     {name}: {words}")
    return True


def _instance(settings: Settings) -> str:
    _try_writing(settings.instance, "KIERTO_INSTANCE")
    return f"{settings.instance} can be written to"


def _database(settings: Settings) -> str:
    with application(settings):
        try:
            applied, needed = upgrade.applied(), upgrade.newest()
        except SQLAlchemyError as fault:
            # The driver's own words may repeat the address, and with it a password.
            raise Fault(
                f"it cannot be reached ({type(fault).__name__}). Look at KIERTO_DATABASE_URL and at the server."
            ) from fault
    if applied != needed:
        raise Fault(f"its version is {applied or 'none'}, {needed} is needed. Run `kierto upgrade`.")
    return f"reached, version {applied}"


def _mail(settings: Settings) -> str:
    folder = maildir_path(settings)
    if folder is not None:
        _try_writing(folder if folder.exists() else folder.parent, "KIERTO_MAIL_URL")
        return f"kept in {folder}, nobody gets any"
    host, port = server_address(settings)
    _answers(host, port, "KIERTO_MAIL_URL")
    return f"{host}:{port} answers"


def _sms(settings: Settings) -> str:
    if not settings.sms_url:
        if reaches(settings, Channel.SMS):
            return "kept beside the mail, nobody gets any"
        return "none: people with only a phone cannot sign in. Set KIERTO_SMS_URL to change it (docs/sms.md)"
    parts = urlsplit(settings.sms_url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    _answers(host, port, "KIERTO_SMS_URL")
    return f"{host}:{port} answers"


def _answers(host: str, port: int, setting: str) -> None:
    try:
        with socket.create_connection((host, port), timeout=PATIENCE):
            pass
    except OSError as fault:
        raise Fault(
            f"{host}:{port} does not answer ({fault.strerror or 'no answer in time'}). Look at {setting}."
        ) from fault


def _try_writing(folder: Path, setting: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as fault:
        raise Fault(
            f"{folder} cannot be written to ({fault.strerror}). Change its owner, or give another folder in {setting}."
        ) from fault

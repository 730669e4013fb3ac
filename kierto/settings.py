"""Settings from `KIERTO_*` in the environment, each with its meaning and default; a wrong one stops the start."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from cryptography.fernet import Fernet
from flask import current_app


class SettingsError(Exception):
    """One sentence: which setting is wrong and how to mend it."""


def _setting(doc: str, default: str, *, secret: bool = False) -> Any:
    return field(metadata={"doc": doc, "default": default, "secret": secret})


@dataclass(frozen=True)
class Settings:
    """Everything that may differ between installations. `docs/settings.md` is generated from these lines."""

    instance: Path = _setting("Folder of the embedded database, generated secrets and kept mail.", "`instance/`")
    database_url: str = _setting(
        "`sqlite:///…` or `postgresql://user:password@host/name`.",
        "`kierto.sqlite` in the instance folder",
        secret=True,
    )
    secret_key: str = _setting(
        "Signs cookies and links; at least 32 characters.", "generated once into the instance folder", secret=True
    )
    encryption_keys: tuple[str, ...] = _setting(
        "Fernet keys for what is encrypted at rest, comma-separated: the first encrypts, all decrypt.",
        "generated once into the instance folder",
        secret=True,
    )
    base_url: str = _setting(
        "Where people reach Kierto, used in mails, feeds and QR codes: `https://kierto.example.fi`.",
        "`http://127.0.0.1:` and the port",
    )
    mail_url: str = _setting(
        "`smtp://user:password@host:port` (STARTTLS where offered), `smtps://…`, or `maildir:path` to keep mail "
        "in files.",
        "`maildir:` in the instance folder",
        secret=True,
    )
    mail_from: str = _setting("The sender of mails, and where replies go.", "`kierto@` and the host of the base URL")
    sms_url: str = _setting(
        "Takes text messages by HTTP POST: `https://sms.example.fi/kierto`, see docs/sms.md. Without it people with "
        "only a phone get none, unless mail is kept in files: then text messages are kept beside it.",
        "no text messages",
    )
    sms_key: str = _setting(
        "Signs what is posted there; at least 32 characters, known to both.", "needed with the address", secret=True
    )
    help_phone: str = _setting("The phone number shown on every page for who needs help.", "not shown")
    help_email: str = _setting("The e-mail address shown beside it.", "not shown")
    demo: bool = _setting("`1`: anyone may step into any role at `/demo`. Never with real people's data.", "`0`")
    host: str = _setting("The address `kierto serve` listens on.", "`127.0.0.1`")
    port: int = _setting("The port `kierto serve` listens on; `PORT` is read too.", "`5000`")
    web_processes: int = _setting("Web processes of `kierto serve`.", "`2`")
    trusted_proxies: int = _setting("How many reverse proxies stand before Kierto and set `X-Forwarded-*`.", "`0`")

    @property
    def secure(self) -> bool:
        """Whether people reach Kierto over TLS, so that cookies may say so."""
        return self.base_url.startswith("https://")

    @property
    def sends_texts(self) -> bool:
        """Whether text messages leave, or are kept where mail is kept."""
        return bool(self.sms_url) or self.mail_url.startswith("maildir:")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read `KIERTO_*`.

        Raises:
            SettingsError: a setting is unknown or wrong.
        """
        known = {f"KIERTO_{f.name.upper()}" for f in fields(cls)}
        for name in sorted(environ):
            if name.startswith("KIERTO_") and name not in known and not name.startswith("KIERTO_TEST_"):
                raise SettingsError(f"{name} is not a setting of Kierto; remove it or see docs/settings.md.")
        given = {name: environ[name].strip() for name in known if environ.get(name, "").strip()}
        instance = Path(given.get("KIERTO_INSTANCE", "instance")).absolute()
        port = _number("KIERTO_PORT", given.get("KIERTO_PORT", environ.get("PORT", "")) or "5000", 1, 65535)
        base_url = _base_url(given.get("KIERTO_BASE_URL", f"http://127.0.0.1:{port}"))
        return cls(
            instance=instance,
            database_url=_database_url(given.get("KIERTO_DATABASE_URL", f"sqlite:///{instance}/kierto.sqlite")),
            secret_key=_secret_key(
                given.get("KIERTO_SECRET_KEY") or _kept_secret(instance / "secret-key", _new_secret)
            ),
            encryption_keys=_encryption_keys(
                given.get("KIERTO_ENCRYPTION_KEYS") or _kept_secret(instance / "encryption-keys", _new_fernet_key)
            ),
            base_url=base_url,
            mail_url=_mail_url(given.get("KIERTO_MAIL_URL", f"maildir:{instance}/mail")),
            mail_from=_address("KIERTO_MAIL_FROM", given.get("KIERTO_MAIL_FROM", _default_sender(base_url))),
            sms_url=_sms_url(given.get("KIERTO_SMS_URL", "")),
            sms_key=_sms_key(given.get("KIERTO_SMS_KEY", ""), given.get("KIERTO_SMS_URL", "")),
            help_phone=given.get("KIERTO_HELP_PHONE", ""),
            help_email=_address("KIERTO_HELP_EMAIL", given.get("KIERTO_HELP_EMAIL", "")),
            demo=_flag("KIERTO_DEMO", given.get("KIERTO_DEMO", "0")),
            host=given.get("KIERTO_HOST", "127.0.0.1"),
            port=port,
            web_processes=_number("KIERTO_WEB_PROCESSES", given.get("KIERTO_WEB_PROCESSES", "2"), 1, 64),
            trusted_proxies=_number("KIERTO_TRUSTED_PROXIES", given.get("KIERTO_TRUSTED_PROXIES", "0"), 0, 8),
        )


def current() -> Settings:
    """The settings of the application at work."""
    found: Settings = current_app.config["KIERTO"]
    return found


class Shown(NamedTuple):
    """A setting as it may be shown: no value when it is a secret; `given` says that the environment has it."""

    variable: str
    doc: str
    value: str | None
    given: bool


def shown(settings: Settings, environ: Mapping[str, str] = os.environ) -> list[Shown]:
    """Every setting with its meaning (English source string), for who looks after Kierto; secrets without value."""
    found = []
    for one in fields(settings):
        variable = f"KIERTO_{one.name.upper()}"
        value = getattr(settings, one.name)
        plain = ("1" if value else "0") if isinstance(value, bool) else str(value)
        told = None if one.metadata["secret"] else plain
        found.append(Shown(variable, one.metadata["doc"], told, bool(environ.get(variable, "").strip())))
    return found


def _number(name: str, text: str, low: int, high: int) -> int:
    if not text.isdecimal() or not low <= int(text) <= high:
        raise SettingsError(f"{name} is {text!r}; give a whole number from {low} to {high}.")
    return int(text)


def _flag(name: str, text: str) -> bool:
    if text not in ("0", "1"):
        raise SettingsError(f"{name} is {text!r}; give 1 for yes or 0 for no.")
    return text == "1"


def _address(name: str, text: str) -> str:
    if text and not re.fullmatch(r"[^@\s<>,]+@[^@\s<>,]+", text):
        raise SettingsError(f"{name} is {text!r}; give one plain e-mail address, such as kierto@example.fi.")
    return text


def _default_sender(base_url: str) -> str:
    host = urlsplit(base_url).hostname or "localhost"
    return f"kierto@{'localhost' if host.replace('.', '').isdecimal() else host}"


def _parts(text: str) -> SplitResult:
    """The address in its parts; an empty one when it is none, a port that is no number included."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return urlsplit("")
    return parts


def _base_url(text: str) -> str:
    parts = _parts(text)
    plain = not (parts.path.strip("/") or parts.query or parts.username or parts.password)
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
        raise SettingsError(
            f"KIERTO_BASE_URL is {text!r}; give the address people open, without a path: https://kierto.example.fi."
        )
    return f"{parts.scheme}://{parts.netloc}"


def _database_url(text: str) -> str:
    scheme = _parts(text).scheme
    if scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        return "postgresql+psycopg:" + text.partition(":")[2]
    if scheme == "sqlite" and text.startswith("sqlite:///") and len(text) > len("sqlite:///"):
        # Flask-SQLAlchemy would look for a relative path in a folder of its own.
        return "sqlite:///" + str(Path(text.removeprefix("sqlite:///")).absolute())
    raise SettingsError(
        "KIERTO_DATABASE_URL is not an address Kierto can use; give sqlite:///path/to/file or "
        "postgresql://user:password@host/name."  # the value itself is not repeated: it may hold a password
    )


def _mail_url(text: str) -> str:
    parts = _parts(text)
    if (parts.scheme in ("smtp", "smtps") and parts.hostname) or (parts.scheme == "maildir" and parts.path):
        return text
    raise SettingsError(
        "KIERTO_MAIL_URL is not a way to send mail; give smtp://user:password@host:port, smtps://… or maildir:path."
    )


def _sms_url(text: str) -> str:
    parts = _parts(text)
    near = parts.hostname in ("localhost", "127.0.0.1", "::1")
    whole = parts.hostname and not (parts.username or parts.password or parts.fragment)
    if text and not (whole and (parts.scheme == "https" or (parts.scheme == "http" and near))):
        raise SettingsError(
            "KIERTO_SMS_URL is not an address that text messages may go to; give https://host/path, or http:// on this "
            "machine only. Names and passwords do not belong in it: KIERTO_SMS_KEY signs what is sent."
        )
    return text


def _sms_key(text: str, url: str) -> str:
    if url and len(text) < 32:
        raise SettingsError("KIERTO_SMS_URL needs a KIERTO_SMS_KEY of at least 32 random characters; give one.")
    if text and not url:
        raise SettingsError("KIERTO_SMS_KEY is set without KIERTO_SMS_URL; give the address, or remove the key.")
    return text


def _secret_key(text: str) -> str:
    if len(text) < 32:
        raise SettingsError("KIERTO_SECRET_KEY is too short to be a secret; give at least 32 random characters.")
    return text


def _encryption_keys(text: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in text.split(",") if key.strip())
    if not keys:
        raise SettingsError("KIERTO_ENCRYPTION_KEYS holds no key; make one with `kierto check --new-key`.")
    for number, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError as fault:
            raise SettingsError(
                f"KIERTO_ENCRYPTION_KEYS: key {number} is not a Fernet key (32 bytes, URL-safe base64); "
                "make one with `kierto check --new-key`."
            ) from fault
    return keys


def _new_secret() -> str:
    return secrets.token_urlsafe(48)


def _new_fernet_key() -> str:
    return Fernet.generate_key().decode()


def _kept_secret(path: Path, new: Any) -> str:
    """The secret kept in the file, made on first use; two processes that start at once agree on one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            fresh = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
            fresh.touch(mode=0o600)
            fresh.write_text(new())
            try:
                path.hardlink_to(fresh)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_text().strip()
    except OSError as fault:
        raise SettingsError(
            f"KIERTO_INSTANCE: {path.parent} cannot be used ({fault.strerror}); give a folder that Kierto may write to."
        ) from fault


def resources(name: str) -> Path:
    """The folder `templates` or `migrations`: beside the package in a checkout, inside it in a wheel.

    The checkout wins, should there be both.
    """
    package = Path(__file__).parent
    beside = package.parent / name
    return beside if (package.parent / "pyproject.toml").exists() and beside.is_dir() else package / name

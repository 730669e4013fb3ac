"""Settings: what they are with none set, and the one sentence when one is wrong."""

import threading
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from kierto.settings import Settings, SettingsError


def read(folder: Path, **given: str) -> Settings:
    return Settings.from_environ({"KIERTO_INSTANCE": str(folder)} | given)


def test_with_none_set_everything_is_in_the_instance_folder(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    settings = read(folder)
    assert settings.database_url == f"sqlite:///{folder}/kierto.sqlite"
    assert settings.mail_url == f"maildir:{folder}/mail"
    assert settings.base_url == "http://127.0.0.1:5000"
    assert settings.mail_from == "kierto@localhost"
    assert (settings.host, settings.port, settings.demo, settings.secure) == ("127.0.0.1", 5000, False, False)


def test_generated_secrets_stay_the_same_and_to_themselves(tmp_path: Path) -> None:
    first, second = read(tmp_path), read(tmp_path)
    assert (first.secret_key, first.encryption_keys) == (second.secret_key, second.encryption_keys)
    assert len(first.secret_key) >= 32
    assert Fernet(first.encryption_keys[0]).decrypt(Fernet(second.encryption_keys[0]).encrypt(b"x")) == b"x"
    assert read(tmp_path / "another").secret_key != first.secret_key
    for name in ("secret-key", "encryption-keys"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0, "nobody else may read it"


def test_two_processes_that_start_at_once_agree_on_the_secrets(tmp_path: Path) -> None:
    found: list[str] = []
    ready = threading.Barrier(8)

    def start() -> None:
        ready.wait()
        found.append(read(tmp_path).secret_key)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_given_secret_leaves_no_file(tmp_path: Path) -> None:
    read(tmp_path, KIERTO_SECRET_KEY="s" * 32, KIERTO_ENCRYPTION_KEYS=Fernet.generate_key().decode())
    assert not list(tmp_path.iterdir())


def test_what_is_given_is_taken(tmp_path: Path) -> None:
    keys = [Fernet.generate_key().decode() for _ in range(2)]
    settings = read(
        tmp_path,
        KIERTO_BASE_URL="https://kierto.example.fi/",
        KIERTO_DATABASE_URL="postgres://kierto:p%40ss@db/kierto",
        KIERTO_ENCRYPTION_KEYS=", ".join(keys),
        KIERTO_DEMO="1",
        PORT="8000",
    )
    assert settings.base_url == "https://kierto.example.fi"
    assert settings.secure
    assert settings.mail_from == "kierto@kierto.example.fi"
    assert settings.database_url == "postgresql+psycopg://kierto:p%40ss@db/kierto"
    assert settings.encryption_keys == tuple(keys)
    assert settings.demo
    assert settings.port == 8000
    assert read(tmp_path, PORT="8000", KIERTO_PORT="9000").port == 9000


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("KIERTO_DEMO", "yes", "give 1 for yes or 0 for no"),
        ("KIERTO_PORT", "0", "from 1 to 65535"),
        ("KIERTO_PORT", "http", "a whole number"),
        ("KIERTO_WEB_PROCESSES", "-1", "from 1 to 64"),
        ("KIERTO_BASE_URL", "kierto.example.fi", "https://kierto.example.fi"),
        ("KIERTO_BASE_URL", "https://example.fi/kierto", "without a path"),
        ("KIERTO_DATABASE_URL", "mysql://somebody:hush@db/kierto", "sqlite:///"),
        ("KIERTO_DATABASE_URL", "sqlite:///", "postgresql://"),
        ("KIERTO_MAIL_URL", "mail.example.fi:25", "smtp://"),
        ("KIERTO_MAIL_URL", "smtp://", "maildir:path"),
        ("KIERTO_MAIL_URL", "smtp://mail:hush", "smtp://user:password@host:port"),
        ("KIERTO_MAIL_URL", "smtp://mail:99999", "smtp://user:password@host:port"),
        ("KIERTO_SMS_URL", "http://sms.example.fi/kierto", "https://host/path"),
        ("KIERTO_SMS_URL", "https://user:hush@sms.example.fi/", "KIERTO_SMS_KEY signs"),
        ("KIERTO_SMS_URL", "https://sms.example.fi/kierto", "at least 32 random characters"),
        ("KIERTO_SMS_KEY", "known to both of them, and long enough", "without KIERTO_SMS_URL"),
        ("KIERTO_BASE_URL", "http://[::1", "https://kierto.example.fi"),
        ("KIERTO_BASE_URL", "http://kierto:port", "https://kierto.example.fi"),
        ("KIERTO_BASE_URL", "http://user:pw@kierto", "https://kierto.example.fi"),
        ("KIERTO_ENCRYPTION_KEYS", ",", "holds no key"),
        ("KIERTO_MAIL_FROM", "Kierto <kierto@example.fi>", "one plain e-mail address"),
        ("KIERTO_HELP_EMAIL", "help", "one plain e-mail address"),
        ("KIERTO_SECRET_KEY", "short", "at least 32"),
        ("KIERTO_ENCRYPTION_KEYS", "not-a-key", "kierto check --new-key"),
        ("KIERTO_COLOUR", "blue", "not a setting"),
    ],
)
def test_a_wrong_one_is_named_and_how_to_mend_it_said(tmp_path: Path, name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError) as fault:
        read(tmp_path, **{name: value})
    sentence = str(fault.value)
    assert sentence.startswith(name)
    assert words in sentence
    assert "\n" not in sentence
    assert "hush" not in sentence, "a password is never repeated"


def test_a_relative_file_is_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read(tmp_path, KIERTO_DATABASE_URL="sqlite:///own.sqlite").database_url == f"sqlite:///{tmp_path}/own.sqlite"


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(SettingsError, match=r"^KIERTO_INSTANCE: .* cannot be used"):
        read(file / "instance")

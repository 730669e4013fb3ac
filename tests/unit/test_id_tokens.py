"""By what a provider's person is known again."""

import pytest

from kierto.sign_in.fetching import is_safe
from kierto.sign_in.id_tokens import InvalidToken, subject

ENTRA = "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"


def test_others_by_their_subject() -> None:
    claims = {"sub": "f3a1", "oid": "x", "email": "maija@example.fi"}
    assert subject("https://login.example.fi/realms/work", claims) == "f3a1"


def test_entra_by_tenant_and_object() -> None:
    """Entra's `sub` differs from client to client, and an e-mail address may pass to somebody else."""
    claims = {"sub": "pairwise", "tid": "9188040d", "oid": "00000000-0000-0000-66f3", "email": "maija@example.fi"}
    assert subject(ENTRA, claims) == "9188040d/00000000-0000-0000-66f3"


@pytest.mark.parametrize("lacking", ["tid", "oid"])
def test_entra_without_either_is_nobody(lacking: str) -> None:
    claims = {"sub": "pairwise", "tid": "9188040d", "oid": "00000000-0000-0000-66f3"}
    del claims[lacking]
    with pytest.raises(InvalidToken):
        subject(ENTRA, claims)


@pytest.mark.parametrize("guid", ["12345678-1234-1234-1234-123456789012", "a1234567-123a-4567-890a-123456789012"])
def test_a_guid_is_no_national_identity_number(guid: str) -> None:
    assert subject("https://login.example.fi", {"sub": guid}) == guid


@pytest.mark.parametrize("number", ["131052-308T", "131052A308T", "urn:x:131052-308t", "010190y123A"])
def test_a_national_identity_number_is_no_subject(number: str) -> None:
    with pytest.raises(InvalidToken):
        subject("https://login.example.fi", {"sub": number})


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://login.example.fi/realms/work", True),
        ("https://login.example.fi:8443", True),
        ("http://127.0.0.1:9400", True),
        ("http://localhost:9400", True),
        ("http://login.example.fi", False),
        ("http://127.0.0.1.evil.example", False),
        ("https://user:password@login.example.fi", False),
        ("https://login.example.fi/#x", False),
        ("https://", False),
        ("https://login.example.fi:port", False),
        ("ftp://login.example.fi", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_addresses_that_nobody_reads_on_the_way(address: str, safe: bool) -> None:
    assert is_safe(address) is safe

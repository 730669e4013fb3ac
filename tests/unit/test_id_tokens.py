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
        ("https://localhost", True),
        ("https://8.8.8.8", True),
        ("https://[2a00:1190:c003::1]:8443/x", True),
        ("https://10.0.0.1", False),
        ("https://172.16.3.4:8443/realms/work", False),
        ("https://192.168.1.1", False),
        ("https://169.254.169.254/latest/meta-data", False),
        ("https://100.64.0.1", False),
        ("https://0.0.0.0", False),
        ("https://127.0.0.2", False),
        ("https://[fe80::1]", False),
        ("https://[fd00::1]", False),
        ("https://[::ffff:10.0.0.1]", False),
        ("https://[64:ff9b::10.0.0.1]", False),
        ("https://[2002:a00:1::]", False),
        ("https://224.0.0.1", False),
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
    assert is_safe(address, address) is safe


@pytest.mark.parametrize(
    ("address", "issuer", "safe"),
    [
        ("http://127.0.0.1:9400/token", "http://localhost:9400", True),
        ("https://login.example.fi/token", "http://localhost:9400", True),
        ("http://login.example.fi/token", "http://localhost:9400", False),
        ("https://10.0.0.1/token", "http://localhost:9400", False),
        ("https://keys.example.com/jwks", "https://login.example.fi", True),
        ("http://127.0.0.1:9400/token", "https://login.example.fi", False),
        ("https://localhost/token", "https://login.example.fi", False),
        ("https://[::1]/token", "https://login.example.fi", False),
        ("https://10.0.0.1/token", "https://login.example.fi", False),
        ("https://169.254.169.254/token", "https://login.example.fi", False),
    ],
)
def test_only_an_issuer_of_this_machine_leads_to_this_machine(address: str, issuer: str, safe: bool) -> None:
    assert is_safe(address, issuer) is safe

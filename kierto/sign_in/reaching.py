"""Where Kierto's server may be led by others: to public addresses, never to what stands inside a network.

It is looked at as it is written, as its name is resolved, and once more when the connection stands, since a name may
be answered differently the next moment. Behind a proxy (`HTTPS_PROXY`) names are resolved there: what the proxy may
reach is its own to say.
"""

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPSConnectionPool
from urllib3.connection import HTTPSConnection

_OWN_MACHINE = ("127.0.0.1", "::1", "localhost")
_NAT64 = IPv6Network("64:ff9b::/96")
"""Such an address is an IPv4 address in another dress (RFC 6052)."""


class Inside(Exception):
    """The address is private, of this machine or of this link."""


def is_own_machine(host: str) -> bool:
    """Whether the host, as it is written, is this very machine."""
    return host in _OWN_MACHINE


def is_inside(host: str) -> bool:
    """Whether the host is written as a number that is not public. A name is looked at when it is resolved."""
    try:
        return not _is_public(ip_address(host))
    except ValueError:
        return False


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        carried = IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
        within = address.ipv4_mapped or address.sixtofour or carried
        if within is not None:
            return _is_public(within)
    return address.is_global and not address.is_multicast


def _check(addresses: Iterable[object]) -> None:
    if any(not _is_public(ip_address(str(one).partition("%")[0])) for one in addresses):
        raise Inside


class _Connection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except UnicodeError as fault:  # a name that cannot be one
            raise OSError(str(fault)) from fault
        _check(address[0] for *_about, address in found)
        made = super()._new_conn()
        try:
            _check([made.getpeername()[0]])
        except Inside:
            made.close()
            raise
        return made


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Connection


class PublicOnly(HTTPAdapter):
    """Lets a session of requests reach public addresses, by HTTPS alone.

    What is not raises `Inside` from within the request: urllib3 takes only faults of the network for its own.
    """

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        super().init_poolmanager(connections, maxsize, block, **options)
        self.poolmanager.pool_classes_by_scheme = {"https": _Pool}

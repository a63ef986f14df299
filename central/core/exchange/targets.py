"""Where deliveries may go: a wrong address must not turn central against its own network."""

from collections.abc import Collection
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

URL_LENGTH_MAX = 512
_PORTS = {"https": 443, "http": 80}


class BadTarget(ValueError):
    """An address that nothing is sent to; the text says why, and holds no secret."""


@dataclass(frozen=True, slots=True)
class Target:
    """A parsed address. `path` holds the query too, which may be secret; `is_listed`: in `exchange.plain_hosts`."""

    scheme: str
    host: str
    port: int
    path: str = field(repr=False)
    is_listed: bool = False

    @property
    def origin(self) -> str:
        """Scheme, host and port: what may be shown and logged."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def target_of(url: str, plain_hosts: Collection[str]) -> Target:
    """Parse an address. Raises `BadTarget`."""
    if len(url) > URL_LENGTH_MAX or not url.isascii() or any(char <= " " or char == "\x7f" for char in url):
        raise BadTarget(f"an address has {URL_LENGTH_MAX} printable ASCII characters at most, and no blanks")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadTarget("this is no address; write https://HOST/PATH") from None
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in _PORTS or not host or port == 0:
        raise BadTarget("write https://HOST/PATH")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadTarget("an address takes no user, no password and no #; deliveries are signed instead")
    is_listed = host in plain_hosts
    if parts.scheme == "http" and not is_listed:
        raise BadTarget(f"plain http to {host} is only allowed when exchange.plain_hosts of central.yaml lists it")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or _PORTS[parts.scheme], path, is_listed)


def check_address(target: Target, address: str) -> None:
    """Whether the address that the host's name stands for may be connected to. Raises `BadTarget`."""
    found = _unwrapped(address)
    if found.is_unspecified or found.is_multicast or found.is_link_local:
        raise BadTarget(f"{target.host} stands for an address that no partner has")
    if found.is_loopback and not target.is_listed:
        raise BadTarget(f"{target.host} is this machine; exchange.plain_hosts of central.yaml does not list it")


def _unwrapped(address: str) -> IPv4Address | IPv6Address:
    """An IPv4 address that is written as an IPv6 one is judged as what it is."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        return found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1] or found
    return found

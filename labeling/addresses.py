"""Which network addresses are asked on behalf of people: an address that a person names must not lead
into the operator's own network, and never to the metadata service of a cloud."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address

# Link-local ones, and where clouds tell their machines secrets: AWS, Alibaba, Oracle, Azure.
METADATA = tuple(
    ip_network(text)
    for text in (
        "169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "fd20:ce::/32", "100.100.100.200/32",
        "192.0.0.192/32", "168.63.129.16/32",
    )
)  # fmt: skip
NAT64 = ip_network("64:ff9b::/96")


class AddressRefused(Exception):
    """An address that may not be asked; ``sentence`` says which and why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class AddressRule:
    """What people may name. ``private``: addresses of private networks and of this host, too; ``setting``
    is where the operator allows those."""

    private: bool
    setting: str = "LABELYARD_PRIVATE_ENDPOINTS"

    def require(self, text: str, *, host: str = "") -> None:
        """Raise AddressRefused unless the IP address ``text``, which ``host`` leads to, may be asked."""
        address = reached(ip_address(text.partition("%")[0]))
        name = f"{host} ({text})" if host and host != text else text
        if is_cloud_service(text):
            raise AddressRefused(f"{name} is an address of a cloud's own services, which is never asked.")
        if address.is_multicast or address.is_unspecified:
            raise AddressRefused(f"{name} is no address of a server.")
        if not address.is_global and not self.private:
            raise AddressRefused(
                f"{name} is a private address. The operator of this installation has to allow them with "
                f"{self.setting}."
            )

    def require_url(self, url: str) -> None:
        """Raise AddressRefused unless ``url`` is a server's bare HTTP address, all of whose IP addresses may
        be asked. A name that leads nowhere passes: asking it will fail."""
        parts = server_of(url)
        host = parts.hostname or ""
        try:
            found = socket.getaddrinfo(host, parts.port or 443, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        for *_, place in found:
            self.require(str(place[0]), host=host)


def is_cloud_service(text: str) -> bool:
    """Say whether ``text`` is an IP address of a cloud's own services, which nobody can allow; no name is."""
    try:
        address = reached(ip_address(text.partition("%")[0]))
    except ValueError:
        return False
    return any(address in network for network in METADATA)


def server_of(url: str) -> SplitResult:
    """Return the parts of a server's bare address. Raises AddressRefused for anything else."""
    try:
        parts = urlsplit(url)
        bare = parts.path in ("", "/") and not parts.query and not parts.fragment and parts.username is None
        if parts.scheme in ("http", "https") and parts.hostname and bare and (parts.port or 1) > 0:
            return parts
    except ValueError:
        pass
    raise AddressRefused(f"“{url}” is not the address of a server, such as https://s3.example.org.")


def reached(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, or the address itself."""
    if isinstance(address, IPv4Address):
        return address
    teredo = address.teredo[1] if address.teredo else None
    inner = address.ipv4_mapped or address.sixtofour or teredo
    if inner is None and address in NAT64:
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
    return inner or address

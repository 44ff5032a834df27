"""Whom a connection reaches: looked up and looked at before it is made, and once more before a byte is
sent, for a name may lead elsewhere than a moment ago."""

from __future__ import annotations

import socket

import urllib3
from requests_hardened.ip_filter import InvalidIPAddress, filter_host
from urllib3.connection import HTTPConnection

from labeling.addresses import AddressRefused, AddressRule, is_cloud_service
from workers.webhooks.deadline import WatchedHttp, WatchedHttps

Pool = type[urllib3.HTTPConnectionPool]


def guarded_pools(rule: AddressRule) -> dict[str, Pool]:
    """Return pools, by scheme, whose connections end with the deadline and raise AddressRefused where
    ``rule`` does not allow the peer."""

    class Guarded(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            name = self._dns_host
            if not rule.private:
                # It goes to the address that was looked at; the name stays that of the certificate.
                self._dns_host = public_address(name, self.port or self.default_port, rule)
            try:
                opened = super()._new_conn()
            finally:
                self._dns_host = name
            try:
                rule.require(opened.getpeername()[0], host=self.host)
            except BaseException:
                opened.close()
                raise
            return opened

    class GuardedHttp(WatchedHttp, Guarded):
        pass

    class GuardedHttps(WatchedHttps, Guarded):
        pass

    class HttpPool(urllib3.HTTPConnectionPool):
        ConnectionCls = GuardedHttp

    class HttpsPool(urllib3.HTTPSConnectionPool):
        ConnectionCls = GuardedHttps

    return {"http": HttpPool, "https": HttpsPool}


def public_address(host: str, port: int, rule: AddressRule) -> str:
    """Return the address that ``host`` leads to; raise AddressRefused where it is a private one."""
    try:
        found: str = filter_host(host.strip("[]"), port, allow_loopback=False).strip("[]")
    except InvalidIPAddress as error:
        raise AddressRefused(private(host, str(error), rule)) from error
    return found


def private(host: str, address: str, rule: AddressRule) -> str:
    """Say which address was refused, and who can allow it, if anybody."""
    if is_cloud_service(address):
        return (
            f"{host} is at {address}, an address of a cloud's own services, and nothing is ever sent there."
        )
    return (
        f"{host} is at {address}, a private address, and nothing is sent there. "
        f"The operator can allow it: {rule.setting}."
    )

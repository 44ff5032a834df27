"""Whom a connection has reached: looked at before a byte is sent, for a name may lead elsewhere than a
moment ago."""

from __future__ import annotations

import socket

import urllib3
from urllib3.connection import HTTPConnection

from labeling.addresses import AddressRule
from workers.webhooks.deadline import WatchedHttp, WatchedHttps

Pool = type[urllib3.HTTPConnectionPool]


def guarded_pools(rule: AddressRule) -> dict[str, Pool]:
    """Return pools, by scheme, whose connections end with the deadline and raise AddressRefused where
    ``rule`` does not allow the peer."""

    class Guarded(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            opened = super()._new_conn()
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

"""Why no answer came, in a code for programs and a sentence for people."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator, Sequence

import requests

from labeling.addresses import AddressRefused, is_cloud_service

# A connection that does not come about says nothing of the one delivery: the endpoint as a whole rests.
UNREACHABLE = frozenset({"private_address", "bad_certificate", "timeout", "unresolved", "unreachable"})


def fault_of(error: BaseException, *, host: str, late: bool, seconds: float) -> tuple[str, str]:
    """Return code and sentence. ``late``: the deadline had passed, whatever the error says it was."""
    causes = list(chain(error))
    code = code_of(error, causes, late=late)
    tls = next((one for one in causes if isinstance(one, ssl.SSLError)), None)
    refused = any(isinstance(one, ConnectionRefusedError) for one in causes)
    sentences = {
        "private_address": private(error, host=host),
        "timeout": f"{host} did not answer within {seconds:g} seconds.",
        "bad_certificate": f"The secure connection to {host} failed: {reason_of(tls)}.",
        "unresolved": f"There is no address for the name {host}.",
        "unreachable": f"{host} {'refused the connection' if refused else 'could not be reached'}.",
        "invalid_address": "The address is none that can be sent to.",
        "broken_answer": f"{host} answered in a way that is not HTTP ({type(error).__name__}).",
    }
    return code, sentences[code]


def code_of(error: BaseException, causes: Sequence[BaseException], *, late: bool) -> str:
    def among(*kinds: type[BaseException]) -> bool:
        return any(isinstance(one, kinds) for one in causes)

    cases = (
        ("private_address", type(error).__name__ == "InvalidIPAddress" or among(AddressRefused)),
        ("timeout", late or among(TimeoutError, requests.Timeout)),
        ("bad_certificate", among(ssl.SSLError)),
        ("unresolved", among(socket.gaierror, UnicodeError)),
        ("broken_answer", among(http.client.HTTPException, requests.exceptions.ChunkedEncodingError)),
        ("unreachable", isinstance(error, requests.ConnectionError)),
        ("invalid_address", isinstance(error, ValueError)),
    )
    return next((code for code, applies in cases if applies), "broken_answer")


def private(error: BaseException, *, host: str) -> str:
    """Say which address was refused, and who can allow it, if anybody."""
    if isinstance(error, AddressRefused):
        return error.sentence
    if is_cloud_service(str(error)):
        return f"{host} is at {error}, an address of a cloud's own services, and nothing is ever sent there."
    return (
        f"{host} is at {error}, a private address, and nothing is sent there. "
        "The operator can allow it: LABELYARD_WEBHOOK_PRIVATE_HOSTS."
    )


def reason_of(error: ssl.SSLError | None) -> str:
    return str(getattr(error, "verify_message", "") or getattr(error, "reason", "") or "no common ground")


def chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and those that it came from; libraries wrap them in several ways."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
        waiting += [more for more in inner if isinstance(more, BaseException)]

"""Why no answer came, in a code for programs and a sentence for people."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator, Sequence

from urllib3.exceptions import HTTPError, LocationValueError, ReadTimeoutError

from labeling.addresses import AddressRefused

# A connection that does not come about says nothing of the one delivery: the endpoint as a whole rests.
UNREACHABLE = frozenset({"private_address", "bad_certificate", "timeout", "unresolved", "unreachable"})


def fault_of(error: BaseException, *, host: str, late: bool, seconds: float) -> tuple[str, str]:
    """Return code and sentence. ``late``: the deadline had passed, whatever the error says it was."""
    causes = list(chain(error))
    code = code_of(error, causes, late=late)
    tls = next((one for one in causes if isinstance(one, ssl.SSLError)), None)
    refused = any(isinstance(one, ConnectionRefusedError) for one in causes)
    sentences = {
        "private_address": next((one.sentence for one in causes if isinstance(one, AddressRefused)), ""),
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
        ("private_address", among(AddressRefused)),
        ("timeout", late or among(TimeoutError, ReadTimeoutError)),
        ("bad_certificate", among(ssl.SSLError)),
        ("invalid_address", among(LocationValueError)),
        ("unresolved", among(socket.gaierror, UnicodeError)),
        ("broken_answer", among(http.client.HTTPException)),
        ("unreachable", isinstance(error, (OSError, HTTPError))),
        ("invalid_address", isinstance(error, ValueError)),
    )
    return next((code for code, applies in cases if applies), "broken_answer")


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

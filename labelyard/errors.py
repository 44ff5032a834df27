"""The one error of the client: a code for programs, a sentence for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec


class LabelyardError(Exception):
    """A refusal of the server, or why it was not reached.

    ``code`` and ``sentence`` are those of the API (docs/api.md, Errors), ``status`` the HTTP status and
    ``details`` the API's details. Where no answer came, ``status`` is None and ``code`` one of

    * ``unreachable``: no connection, or it broke, and trying again did not help;
    * ``timeout``: the server took a connection and did not answer in time;
    * ``wait_timeout``: what was waited for has not ended; it goes on at the server;

    and ``unexpected_answer`` is an answer that is none of the API's.
    """

    def __init__(
        self,
        code: str,
        sentence: str,
        *,
        status: int | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.status = status
        self.details = dict(details or {})


class Conflict(LabelyardError):
    """What was to be changed is no longer what was read; nothing was done. ``current`` is what stands there
    now, as the API tells it, where it does: read it, and change that."""

    @property
    def current(self) -> dict[str, Any]:
        return dict(self.details.get("current") or {})


# Refusals of a change upon what one has seen.
CONFLICTS = frozenset({"changed_meanwhile", "stale_version"})


class _Told(msgspec.Struct):
    code: str
    sentence: str
    details: dict[str, Any] = {}


class _Refusal(msgspec.Struct):
    error: _Told


def error_of(*, status: int, content: bytes, url: str) -> LabelyardError:
    """Return the error that an answer tells, in the API's shape or not."""
    try:
        told = msgspec.json.decode(content, type=_Refusal).error
    except msgspec.MsgspecError:
        sentence = f"The server answered {status} to {url}, and not as Labelyard does."
        return LabelyardError("unexpected_answer", sentence, status=status)
    kind = Conflict if told.code in CONFLICTS else LabelyardError
    return kind(told.code, told.sentence, status=status, details=told.details)

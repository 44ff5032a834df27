"""Things that several people set: read with the ETag of what was seen, and changed upon that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import httpx2

from labelyard.connection import Connection, record


@dataclass(frozen=True, kw_only=True)
class Settings:
    """``etag`` stands for what was read; it is empty in what a list or ``create`` returned."""

    id: int
    etag: str = ""


S = TypeVar("S", bound=Settings)


def settings_read(connection: Connection, kind: type[S], path: str) -> S:
    """GET one, with its ETag."""
    return seen(kind, connection.sent("GET", path))


def settings_change(
    connection: Connection, kind: type[S], place: str, upon: int | Settings, body: object
) -> S:
    """PATCH one at ``place``, and return it as it is now.

    Raises ``Conflict`` when ``upon`` was read, and somebody has changed it since.
    """
    path = f"{place}/{number(upon)}/"
    return seen(kind, connection.sent("PATCH", path, body=body, headers=condition(upon)))


def settings_delete(connection: Connection, place: str, upon: int | Settings) -> None:
    """DELETE one. Raises ``Conflict`` as ``settings_change`` does."""
    connection.send("DELETE", f"{place}/{number(upon)}/", headers=condition(upon))


def seen(kind: type[S], answer: httpx2.Response) -> S:
    return replace(record(kind, answer.content), etag=answer.headers.get("ETag", ""))


def number(upon: int | Settings) -> int:
    return upon if isinstance(upon, int) else upon.id


def condition(upon: int | Settings) -> dict[str, str]:
    """The header that has nothing done where it was changed; an id alone overwrites what is there."""
    return {"If-Match": upon.etag} if isinstance(upon, Settings) and upon.etag else {}

"""Webhooks: endpoints that are told what happens, and the log of what they were sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from labelyard.connection import Connection
from labelyard.settings import Settings, settings_change, settings_delete, settings_read


@dataclass(frozen=True, kw_only=True)
class Webhook(Settings):
    """An endpoint; ``waiting`` and ``failed`` count deliveries. ``project`` is None for all projects.

    ``secret`` is told when it is new, this once, and empty otherwise.
    """

    project: int | None
    name: str
    url: str
    kinds: list[str]
    format: str
    state: str
    state_reason: str
    waiting: int
    failed: int
    failing_since: datetime | None
    delivered_at: datetime | None
    created_at: datetime
    secret: str = ""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One request of a delivery, and as much of its answer as was read."""

    number: int
    at: datetime
    milliseconds: int | None
    url: str
    status: int | None
    response_body: str
    error_code: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One event for one endpoint. ``body`` and ``log`` are told of single deliveries only."""

    id: int
    webhook: int
    message_id: str
    kind: str
    position: int | None
    job: int | None
    state: str
    status: int | None
    outcome: str
    attempts: int
    due_at: datetime | None
    created_at: datetime
    finished_at: datetime | None
    body: str = ""
    log: list[Attempt] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class EventKind:
    """A kind of event: when it happens, and what its data holds beside what all of them do."""

    name: str
    when: str
    holds: dict[str, str]


class _Kinds(msgspec.Struct):
    results: list[EventKind]


class _Redelivered(msgspec.Struct):
    redelivered: int


class Webhooks:
    """``client.webhooks``. Without a project: the endpoints of the whole installation (operators)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def kinds(self) -> list[EventKind]:
        """Return the kinds of events."""
        return self._connection.read(_Kinds, "webhooks/kinds/").results

    def list(self, project: int | None = None) -> Iterator[Webhook]:
        """Yield the endpoints."""
        return self._connection.pages(Webhook, endpoints(project))

    def get(self, webhook: int) -> Webhook:
        """Return one endpoint, and how it is doing."""
        return settings_read(self._connection, Webhook, f"webhooks/{webhook}/")

    def create(
        self,
        project: int | None = None,
        *,
        name: str,
        url: str,
        kinds: Sequence[str],
        format: str = "standard",
    ) -> Webhook:
        """Make an endpoint that is told from now on. Keep its ``secret``: it is shown this once."""
        body = {"name": name, "url": url, "kinds": list(kinds), "format": format}
        return self._connection.post(Webhook, endpoints(project), body)

    def update(self, webhook: int | Webhook, **changes: Any) -> Webhook:
        """Change ``name``, ``url``, ``kinds`` or ``format``.

        Given the record that ``get`` returned instead of its id, it raises ``Conflict`` where somebody has
        changed it since.
        """
        return settings_change(self._connection, Webhook, "webhooks", webhook, changes)

    def delete(self, webhook: int | Webhook) -> None:
        """Delete the endpoint with its log, a record as ``update`` takes it. What waits is not sent."""
        settings_delete(self._connection, "webhooks", webhook)

    def rotate(self, webhook: int, *, overlap_hours: float = 24.0) -> Webhook:
        """Make a new secret, shown this once; until the overlap ends both sign."""
        body = {"overlap_hours": overlap_hours}
        return self._connection.post(Webhook, f"webhooks/{webhook}/secret/", body)

    def test(self, webhook: int) -> Delivery:
        """Send ``webhook.test`` now; ``delivery`` tells what came of it."""
        return self._connection.post(Delivery, f"webhooks/{webhook}/test/")

    def pause(self, webhook: int) -> Webhook:
        """Send nothing until it is resumed; what happens meanwhile waits."""
        return self._connection.post(Webhook, f"webhooks/{webhook}/pause/")

    def resume(self, webhook: int) -> Webhook:
        """Send what waits, and what happens from now on."""
        return self._connection.post(Webhook, f"webhooks/{webhook}/resume/")

    def redeliver(self, webhook: int, *, since: datetime) -> int:
        """Send again all that failed since (a time with its zone), and return how many that are."""
        body = {"since": since.isoformat()}
        path = f"webhooks/{webhook}/redeliver/"
        return self._connection.post(_Redelivered, path, body, repeatable=True).redelivered

    def deliveries(
        self, webhook: int, *, state: str | None = None, kind: str | None = None
    ) -> Iterator[Delivery]:
        """Yield the log, newest first. ``state``: waiting, delivered, failed."""
        query = {"state": state, "kind": kind}
        return self._connection.pages(Delivery, f"webhooks/{webhook}/deliveries/", query=query)

    def delivery(self, webhook: int, delivery: int) -> Delivery:
        """Return one delivery with what is sent and what each attempt was answered."""
        return self._connection.read(Delivery, f"webhooks/{webhook}/deliveries/{delivery}/")

    def redeliver_one(self, webhook: int, delivery: int) -> Delivery:
        """Send one again, under the id that it had."""
        return self._connection.post(Delivery, f"webhooks/{webhook}/deliveries/{delivery}/redeliver/")


def endpoints(project: int | None) -> str:
    return "webhooks/" if project is None else f"projects/{project}/webhooks/"

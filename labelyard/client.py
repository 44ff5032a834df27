"""The client: one installation, seen as one person or service account."""

from __future__ import annotations

import os
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx2

from labelyard.agents import Agents
from labelyard.batches import Batches
from labelyard.buckets import Connections, Listings
from labelyard.comments import Comments
from labelyard.connection import ATTEMPTS, Connection
from labelyard.errors import LabelyardError
from labelyard.exports import Exports
from labelyard.jobs import Jobs
from labelyard.labels import Labels
from labelyard.media import MediaDoor
from labelyard.projects import Projects
from labelyard.rules import Rules, Watches
from labelyard.tasks import Instances, Tasks
from labelyard.webhooks import Webhooks


@dataclass(frozen=True, kw_only=True)
class Membership:
    """What you are in a project."""

    project: int
    name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Me:
    """Who the token acts as."""

    id: int
    username: str
    is_service: bool
    memberships: list[Membership]


class Client:
    """Labelyard at ``url``, by an API token. Close it, or use it in a ``with``; threads may share it.

    Without ``url`` and ``token`` the environment's ``LABELYARD_URL`` and ``LABELYARD_TOKEN`` are taken.
    ``attempts``: how often what may be repeated is sent. Every call raises ``LabelyardError`` when it is
    refused or the server is not reached.
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        attempts: int = ATTEMPTS,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        connection = Connection(
            url or needed("LABELYARD_URL", "url"),
            token or needed("LABELYARD_TOKEN", "token"),
            attempts=attempts,
            transport=transport,
        )
        self.connection = connection
        self.projects = Projects(connection)
        self.media = MediaDoor(connection)
        self.tasks = Tasks(connection)
        self.instances = Instances(connection)
        self.labels = Labels(connection)
        self.comments = Comments(connection)
        self.jobs = Jobs(connection)
        self.batches = Batches(connection)
        self.exports = Exports(connection)
        self.connections = Connections(connection)
        self.listings = Listings(connection)
        self.webhooks = Webhooks(connection)
        self.agents = Agents(connection)
        self.rules = Rules(connection)
        self.watches = Watches(connection)

    def me(self) -> Me:
        """Return who the token acts as, and with which roles."""
        return self.connection.read(Me, "me/")

    def close(self) -> None:
        """Close the connections that are open."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def needed(name: str, argument: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise LabelyardError("not_configured", f"Give the client its {argument}, or set {name}.")
    return value

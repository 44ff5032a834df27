"""Rules: what is run on new media by itself; and watches, which register what is new in a bucket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from labelyard.buckets import Listing
from labelyard.connection import Connection, given
from labelyard.settings import Settings, settings_change, settings_delete, settings_read


@dataclass(frozen=True, kw_only=True)
class Rule(Settings):
    """A rule. ``counts`` says what became of the tasks that it ``noticed``; ``error`` why it is paused."""

    uid: str
    project: int
    name: str
    state: str
    connection: int | None
    prefix: str
    kinds: list[str]
    specification: dict[str, Any]
    budget_seconds: float | None
    worker_seconds: float
    gpu_seconds: float
    error_code: str
    error: str
    noticed: int
    counts: dict[str, int]
    ordered_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class MatchedTask:
    """A task whose media a rule would have matched."""

    task: int
    title: str
    media: int
    media_title: str

    def __str__(self) -> str:
        return f"{self.task} {self.title}"


@dataclass(frozen=True, kw_only=True)
class RulePreview:
    """Of the ``media`` that are ready those that match, their ``tasks``, and the newest of these."""

    media: int
    media_matching: int
    tasks: int
    sample: list[MatchedTask]


@dataclass(frozen=True, kw_only=True)
class RuleTask:
    """A task that a rule noticed: it waits, was dropped, or has its job in a batch, or a reason why not."""

    task: int
    task_title: str
    batch: int | None
    dropped: bool
    job: int | None
    job_state: str | None
    reason: str
    sentence: str
    noticed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Watch(Settings):
    """A listing that is repeated: ``every_minutes``, or daily ``at`` a time (UTC)."""

    project: int
    connection: int
    state: str
    prefix: str
    suffixes: list[str]
    folders_as: str
    every_minutes: int | None
    at: time | None
    next_at: datetime | None
    listing: Listing | None
    failures: int
    error_code: str
    error: str
    created_at: datetime


class Rules:
    """``client.rules``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, project: int) -> Iterator[Rule]:
        """Yield the rules of a project."""
        return self._connection.pages(Rule, f"projects/{project}/rules/")

    def get(self, rule: int) -> Rule:
        """Return one rule."""
        return settings_read(self._connection, Rule, f"rules/{rule}/")

    def create(
        self,
        project: int,
        specification: Mapping[str, Any],
        *,
        name: str,
        connection: int | None = None,
        prefix: str = "",
        kinds: Sequence[str] = (),
        budget_seconds: float | None = None,
    ) -> Rule:
        """Make a rule, which is off. ``specification``: as batches have it (``labelyard.specifications``).

        ``prefix`` is of the whole key in the bucket of ``connection``, without one of the media's title.
        """
        body = {"name": name, "prefix": prefix, "kinds": list(kinds), "specification": dict(specification)}
        told = given(connection=connection, budget_seconds=budget_seconds)
        return self._connection.post(Rule, f"projects/{project}/rules/", {**body, **told})

    def update(self, rule: int | Rule, **changes: object) -> Rule:
        """Change a rule; ``changes`` as ``create`` has them. Jobs that it ordered stay as they are.

        Given the record that ``get`` returned instead of its id, it raises ``Conflict`` where somebody has
        changed it since.
        """
        return settings_change(self._connection, Rule, "rules", rule, changes)

    def delete(self, rule: int | Rule) -> None:
        """Remove it. Jobs that it ordered stay."""
        settings_delete(self._connection, "rules", rule)

    def preview(self, rule: int) -> RulePreview:
        """Say which of what was registered so far it would have matched."""
        return self._connection.read(RulePreview, f"rules/{rule}/preview/")

    def on(self, rule: int, *, budget_seconds: float | None = None) -> Rule:
        """Have new media matched from now on, with a new budget in all when one is given."""
        return self._connection.post(Rule, f"rules/{rule}/on/", given(budget_seconds=budget_seconds))

    def off(self, rule: int) -> Rule:
        """Match nothing more. Jobs that were ordered stay."""
        return self._connection.post(Rule, f"rules/{rule}/off/")

    def tasks(self, rule: int) -> Iterator[RuleTask]:
        """Yield the tasks that it noticed, newest first, and what came of each."""
        return self._connection.pages(RuleTask, f"rules/{rule}/tasks/")


class Watches:
    """``client.watches``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, connection: int) -> Iterator[Watch]:
        """Yield the watches of a connection."""
        return self._connection.pages(Watch, f"connections/{connection}/watches/")

    def get(self, watch: int) -> Watch:
        """Return one watch, with its last listing."""
        return settings_read(self._connection, Watch, f"watches/{watch}/")

    def create(
        self,
        connection: int,
        *,
        every_minutes: int | None = None,
        at: str | None = None,
        prefix: str | None = None,
        kinds: Sequence[str] | None = None,
        suffixes: Sequence[str] = (),
        folders_as: str | None = None,
        when_changed: str = "say",
        make_tasks: bool = True,
    ) -> Watch:
        """Make a watch, which is off: every so many minutes, or daily ``at`` a time (UTC, “02:30”).

        What it registers is said as in ``client.listings.create``.
        """
        body = {"suffixes": list(suffixes), "when_changed": when_changed, "make_tasks": make_tasks}
        told = given(every_minutes=every_minutes, at=at, prefix=prefix, kinds=kinds, folders_as=folders_as)
        return self._connection.post(Watch, f"connections/{connection}/watches/", {**body, **told})

    def update(self, watch: int | Watch, **changes: object) -> Watch:
        """Change a watch; ``changes`` as ``create`` has them. A record instead of its id: as for rules."""
        return settings_change(self._connection, Watch, "watches", watch, changes)

    def delete(self, watch: int | Watch) -> None:
        """Remove it. What it registered stays."""
        settings_delete(self._connection, "watches", watch)

    def on(self, watch: int) -> Watch:
        """List from now on: at once, or at the next time of day."""
        return self._connection.post(Watch, f"watches/{watch}/on/")

    def off(self, watch: int) -> Watch:
        """List no more."""
        return self._connection.post(Watch, f"watches/{watch}/off/")

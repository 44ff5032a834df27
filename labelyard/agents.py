"""Agents: take tasks that wait, keep them while you work, hand them back with an outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from labelyard.connection import Connection, given
from labelyard.settings import Settings, settings_delete, settings_read
from labelyard.tasks import Person, Task


@dataclass(frozen=True, kw_only=True)
class Pathway:
    """An outcome, and the stage that a task goes to with it."""

    name: str
    to: str
    agent: int | None = None


@dataclass(frozen=True, kw_only=True)
class Agent(Settings):
    """A stage at which tasks wait for a worker from outside; ``waiting`` and ``held`` count them."""

    project: int
    name: str
    entry: str
    pathways: list[Pathway]
    lease_seconds: int
    returns_max: int
    waiting: int
    held: int


@dataclass(frozen=True, kw_only=True)
class AgentVisit:
    """A task's stay with an agent. While you hold it you may change its labels."""

    id: int
    agent: int
    task: Task
    state: str
    token: int
    taker: Person | None
    lease_expires_at: datetime | None
    losses: int
    outcome: str
    note: str


@dataclass(frozen=True, kw_only=True)
class _Agents:
    results: list[Agent]


@dataclass(frozen=True, kw_only=True)
class _Taken:
    results: list[AgentVisit]


class Agents:
    """``client.agents``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, project: int) -> Iterator[Agent]:
        """Yield the agents of a project."""
        yield from self._connection.read(_Agents, f"projects/{project}/agents/").results

    def create(
        self,
        project: int,
        *,
        name: str,
        pathways: Mapping[str, str],
        entry: str = "sent",
        lease_seconds: int = 300,
        returns_max: int = 5,
    ) -> Agent:
        """Make an agent. ``pathways``: outcome to stage; ``entry``: created, submitted or sent.

        A task that came back undone ``returns_max`` times goes on to people.
        """
        ways = [{"name": outcome, "to": stage} for outcome, stage in pathways.items()]
        body = {
            "name": name,
            "pathways": ways,
            "entry": entry,
            "lease_seconds": lease_seconds,
            "returns_max": returns_max,
        }
        return self._connection.post(Agent, f"projects/{project}/agents/", body)

    def get(self, agent: int) -> Agent:
        """Return one agent, with how many tasks wait for it."""
        return settings_read(self._connection, Agent, f"agents/{agent}/")

    def delete(self, agent: int | Agent) -> None:
        """Take it away. Raises ``agent_busy`` while tasks are with it, ``agent_needed``; and ``Conflict``
        where the record that ``get`` returned is given, and was changed since.
        """
        settings_delete(self._connection, "agents", agent)

    def visits(self, agent: int, *, state: str | None = None) -> Iterator[AgentVisit]:
        """Yield what is and was with it, newest first. ``state``: waiting, held, done."""
        return self._connection.pages(AgentVisit, f"agents/{agent}/visits/", query={"state": state})

    def send(self, task: int, *, agent: int) -> Task:
        """Send a task to an agent."""
        return self._connection.post(Task, f"tasks/{task}/send/", {"agent": agent})

    def take_away(self, task: int, *, stage: str) -> Task:
        """Send a task that is with an agent to a stage: annotate, review or complete."""
        return self._connection.post(Task, f"tasks/{task}/send/", {"stage": stage})

    def visit(self, visit: int) -> AgentVisit:
        """Return one stay of a task with an agent."""
        return self._connection.read(AgentVisit, f"visits/{visit}/")

    def take(self, agent: int, *, count: int = 1, lease_seconds: int | None = None) -> Sequence[AgentVisit]:
        """Take tasks that wait, by priority and age; none when none waits."""
        body = {"count": count, **given(lease_seconds=lease_seconds)}
        return self._connection.post(_Taken, f"agents/{agent}/take/", body).results

    def renew(self, visit: AgentVisit, *, lease_seconds: int | None = None) -> AgentVisit:
        """Keep the task for longer, from now. Raises ``lease_lost``."""
        body = {"token": visit.token, **given(lease_seconds=lease_seconds)}
        return self._connection.post(AgentVisit, f"visits/{visit.id}/renew/", body, repeatable=True)

    def release(self, visit: AgentVisit, *, note: str = "") -> AgentVisit:
        """Give the task back to the queue, undone."""
        body = {"token": visit.token, "note": note}
        return self._connection.post(AgentVisit, f"visits/{visit.id}/release/", body)

    def hand_back(self, visit: AgentVisit, *, outcome: str, note: str = "") -> AgentVisit:
        """Hand the task back. Raises ``lease_lost`` for who comes too late."""
        body = {"token": visit.token, "outcome": outcome, "note": note}
        return self._connection.post(AgentVisit, f"visits/{visit.id}/hand-back/", body)

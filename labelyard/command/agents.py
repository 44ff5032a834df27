"""``labelyard agents``: stages at which tasks wait for a program."""

from __future__ import annotations

from collections.abc import Iterator

import click

from labelyard.agents import Agent, AgentVisit
from labelyard.client import Client
from labelyard.command.options import shown
from labelyard.tasks import Task

LINE = ("id", "name", "entry", "lease_seconds", "waiting", "held")
VISIT = ("id", "task.id", "task.title", "state", "token", "lease_expires_at", "losses", "outcome", "note")


@click.group()
def agents() -> None:
    """Agents: programs that tasks wait for."""


@agents.command("list")
@click.argument("project", type=int)
@shown(*LINE)
def agents_list(client: Client, project: int) -> Iterator[Agent]:
    """List the agents of a project, with how many tasks wait for each."""
    return client.agents.list(project)


@agents.command("create")
@click.argument("project", type=int)
@click.argument("name")
@click.option(
    "ways", "--outcome", multiple=True, required=True, metavar="NAME:STAGE", help="May be repeated."
)
@click.option(
    "--entry", type=click.Choice(["created", "submitted", "sent"]), default="sent", show_default=True
)
@click.option("--lease", "lease_seconds", type=int, default=300, show_default=True, help="Seconds.")
@shown(*LINE)
def agents_create(
    client: Client, *, project: int, name: str, ways: tuple[str, ...], entry: str, lease_seconds: int
) -> Agent:
    """Make an agent.

    For example: labelyard agents create 3 Checker --outcome good:review --outcome bad:annotate
    """
    pathways = {one.rpartition(":")[0]: one.rpartition(":")[2] for one in ways}
    if not all(outcome and stage for outcome, stage in pathways.items()):
        raise click.UsageError("An outcome is NAME:STAGE with one of annotate, review, complete.")
    return client.agents.create(
        project, name=name, pathways=pathways, entry=entry, lease_seconds=lease_seconds
    )


@agents.command("delete")
@click.argument("agent", type=int)
@shown()
def agents_delete(client: Client, agent: int) -> None:
    """Take an agent away that no tasks are with."""
    client.agents.delete(agent)


@agents.command("visits")
@click.argument("agent", type=int)
@click.option("--state", type=click.Choice(["waiting", "held", "done"]))
@shown(*VISIT)
def agents_visits(client: Client, agent: int, state: str | None) -> Iterator[AgentVisit]:
    """List the tasks that are and were with an agent, newest first."""
    return client.agents.visits(agent, state=state)


@agents.command("send")
@click.argument("task", type=int)
@click.option("--agent", type=int, help="To this agent.")
@click.option(
    "--stage", type=click.Choice(["annotate", "review", "complete"]), help="Away from one, to here."
)
@shown("id", "title", "stage")
def agents_send(client: Client, task: int, agent: int | None, stage: str | None) -> Task:
    """Send a task to an agent, or away from one."""
    if agent is not None and stage is None:
        return client.agents.send(task, agent=agent)
    if stage is not None and agent is None:
        return client.agents.take_away(task, stage=stage)
    raise click.UsageError("Say where to: --agent ID or --stage STAGE.")


@agents.command("take")
@click.argument("agent", type=int)
@click.option("--count", type=click.IntRange(1), default=1, show_default=True)
@click.option("--lease", "lease_seconds", type=int, help="Seconds; the agent's own unless told.")
@shown(*VISIT)
def agents_take(client: Client, agent: int, count: int, lease_seconds: int | None) -> list[AgentVisit]:
    """Take tasks that wait; an empty list where none does."""
    return list(client.agents.take(agent, count=count, lease_seconds=lease_seconds))


@agents.command("renew")
@click.argument("visit", type=int)
@click.option("--lease", "lease_seconds", type=int, help="Seconds from now; the agent's own unless told.")
@shown(*VISIT)
def agents_renew(client: Client, visit: int, lease_seconds: int | None) -> AgentVisit:
    """Keep a task for longer."""
    return client.agents.renew(client.agents.visit(visit), lease_seconds=lease_seconds)


@agents.command("release")
@click.argument("visit", type=int)
@click.option("--note", default="", help="Why, for people.")
@shown(*VISIT)
def agents_release(client: Client, visit: int, note: str) -> AgentVisit:
    """Give a task back undone."""
    return client.agents.release(client.agents.visit(visit), note=note)


@agents.command("hand-back")
@click.argument("visit", type=int)
@click.argument("outcome")
@click.option("--note", default="", help="For people.")
@shown(*VISIT)
def agents_hand_back(client: Client, visit: int, outcome: str, note: str) -> AgentVisit:
    """Hand a task back with an outcome."""
    return client.agents.hand_back(client.agents.visit(visit), outcome=outcome, note=note)

"""``labelyard rules``: what is run on new media by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import click

from labelyard.client import Client
from labelyard.command.jobs import wanted_class
from labelyard.command.options import shown
from labelyard.rules import Rule, RulePreview, RuleTask
from labelyard.specifications import detect_specification, fixed, track_specification, whole

COUNTS = tuple(
    f"counts.{name}" for name in ("pending", "queued", "running", "succeeded", "failed", "skipped")
)
LINE = ("id", "name", "state", "connection", "prefix", "noticed", *COUNTS, "error")
DETAIL = (*LINE, "kinds", "counts.dropped", "worker_seconds", "budget_seconds", "ordered_at")
KINDS = ("video", "image", "image_group", "image_sequence", "dicom")
RULE = click.argument("rule", type=int)
Command = Callable[..., Any]


@click.group()
def rules() -> None:
    """Rules: what is run on new media by itself."""


def making(function: Command) -> Command:
    """Give a command the options that every rule has."""
    for option in reversed(
        [
            click.argument("project", type=int),
            click.argument("name"),
            click.option("--connection", type=int, help="Only media of this bucket, by their whole keys."),
            click.option("--prefix", default="", help="What the key, or the title, begins with."),
            click.option("kinds", "--kind", type=click.Choice(KINDS), multiple=True, help="May be repeated."),
            click.option("--frames", "span", type=(int, int), metavar="FIRST LAST",
                         help="These frames, counted from each task's first; all unless told."),
            click.option("--budget", "budget_seconds", type=float, help="Seconds of workers at most."),
            click.option("--priority", type=click.FloatRange(0, 1), default=0.5, show_default=True),
        ]
    ):  # fmt: skip
        function = option(function)
    return function


def made(
    client: Client,
    specification: Callable[..., dict[str, Any]],
    *,
    project: int,
    span: tuple[int, int] | None,
    told: dict[str, Any],
    **wish: Any,
) -> Rule:
    what = specification(span=fixed(*span) if span else whole(), **wish)
    return client.rules.create(project, what, **told)


def rule_options(given: dict[str, Any]) -> dict[str, Any]:
    """Take what is said of the rule itself out of a command's options."""
    return {name: given.pop(name) for name in ("name", "connection", "prefix", "kinds", "budget_seconds")}


@rules.command("list")
@click.argument("project", type=int)
@shown(*LINE)
def rules_list(client: Client, project: int) -> Iterator[Rule]:
    """List the rules of a project."""
    return client.rules.list(project)


@rules.command("show")
@RULE
@shown(*DETAIL)
def rules_show(client: Client, rule: int) -> Rule:
    """Show a rule: what it did, and why it is paused."""
    return client.rules.get(rule)


@rules.command("detect")
@making
@click.option(
    "wanted", "--class", multiple=True, required=True, metavar="ID[=WORDS]", help="May be repeated."
)
@click.option("--threshold", type=click.FloatRange(0, 1), help="The least confidence.")
@click.option("--step", type=click.IntRange(1), default=1, show_default=True, help="Every n-th frame.")
@click.option("--fill", help="The tracker that fills the frames between.")
@shown(*DETAIL)
def rules_detect(client: Client, wanted: tuple[str, ...], threshold: float | None, **given: Any) -> Rule:
    """Make a rule, which is off, that finds all objects of classes in new media."""
    classes = [wanted_class(one, threshold=threshold) for one in wanted]
    return made(client, detect_specification, told=rule_options(given), classes=classes, **given)


@rules.command("track")
@making
@click.option(
    "object_classes", "--class", type=int, multiple=True, help="Only objects of it; may be repeated."
)
@click.option("--algorithm", help="The tracker; fast unless told.")
@shown(*DETAIL)
def rules_track(client: Client, **given: Any) -> Rule:
    """Make a rule, which is off, that tracks the objects that new tasks come with."""
    return made(client, track_specification, told=rule_options(given), **given)


@rules.command("preview")
@RULE
@shown("media", "media_matching", "tasks", "sample")
def rules_preview(client: Client, rule: int) -> RulePreview:
    """Say which of what was registered so far it would have matched."""
    return client.rules.preview(rule)


@rules.command("on")
@RULE
@click.option("--budget", "budget_seconds", type=float, help="A new budget, in all.")
@shown(*DETAIL)
def rules_on(client: Client, rule: int, budget_seconds: float | None) -> Rule:
    """Have new media matched from now on; let one that was paused go on."""
    return client.rules.on(rule, budget_seconds=budget_seconds)


@rules.command("off")
@RULE
@shown(*DETAIL)
def rules_off(client: Client, rule: int) -> Rule:
    """Match nothing more. Jobs that were ordered stay."""
    return client.rules.off(rule)


@rules.command("tasks")
@RULE
@shown("task", "task_title", "batch", "job", "job_state", "sentence", "noticed_at")
def rules_tasks(client: Client, rule: int) -> Iterator[RuleTask]:
    """List the tasks that it noticed, newest first, and what came of each."""
    return client.rules.tasks(rule)


@rules.command("delete")
@RULE
@shown()
def rules_delete(client: Client, rule: int) -> None:
    """Remove a rule. Jobs that it ordered stay."""
    client.rules.delete(rule)

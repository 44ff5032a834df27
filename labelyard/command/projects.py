"""``labelyard projects``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import click
import msgspec

from labelyard.client import Client
from labelyard.command.options import shown
from labelyard.projects import Member, ObjectClass, Project

SHAPES = ("bounding_box", "rotatable_bounding_box", "polygon", "bitmask", "polyline", "point")


@click.group()
def projects() -> None:
    """Projects: an ontology, members, media and tasks."""


@projects.command("list")
@shown("id", "name", "role", "task_count")
def projects_list(client: Client) -> Iterator[Project]:
    """List your projects."""
    return client.projects.list()


@projects.command("show")
@click.argument("project", type=int)
@shown()
def projects_show(client: Client, project: int) -> Project:
    """Show a project."""
    return client.projects.get(project)


@projects.command("classes")
@click.argument("project", type=int)
@shown("id", "name", "shape", "color", "archived")
def projects_classes(client: Client, project: int) -> list[ObjectClass]:
    """List the classes of a project with their ids."""
    return client.projects.ontology(project).classes


@projects.command("members")
@click.argument("project", type=int)
@shown("id", "user.username", "role")
def projects_members(client: Client, project: int) -> Iterator[Member]:
    """List the members of a project."""
    return client.projects.members(project)


@projects.command("add-member")
@click.argument("project", type=int)
@click.argument("username")
@click.argument("role", type=click.Choice(["viewer", "annotator", "reviewer", "manager"]))
@shown("id", "user.username", "role")
def projects_add_member(client: Client, project: int, username: str, role: str) -> Member:
    """Give somebody a role."""
    return client.projects.add_member(project, username=username, role=role)


@projects.command("create")
@click.argument("name")
@click.option("--ontology", type=int, help="An ontology that is there.")
@click.option("--tree", type=click.File("rb"), help="A file of JSON with a whole ontology.")
@click.option("classes", "--class", multiple=True, metavar="NAME:SHAPE", help="A class; may be repeated.")
@shown("id", "name", "ontology")
def projects_create(
    client: Client, name: str, ontology: int | None, tree: IO[bytes] | None, classes: tuple[str, ...]
) -> Project:
    """Make a project, of which you are the manager.

    For example: labelyard projects create Street --class Car:bounding_box --class Road:bitmask
    """
    if sum((ontology is not None, tree is not None, bool(classes))) != 1:
        raise click.UsageError("Give one of --ontology, --tree and --class.")
    if ontology is not None:
        return client.projects.create(name=name, ontology=ontology)
    if tree is not None:
        try:
            told = msgspec.json.decode(tree.read(), type=dict)
        except msgspec.MsgspecError as error:
            raise click.UsageError(f"--tree is not a JSON object: {error}.") from error
        return client.projects.create(name=name, ontology=told)
    made = [{"name": one.rpartition(":")[0], "shape": one.rpartition(":")[2]} for one in classes]
    if any(not one["name"] or one["shape"] not in SHAPES for one in made):
        raise click.UsageError(f"A class is NAME:SHAPE with one of {', '.join(SHAPES)}.")
    return client.projects.create(name=name, ontology={"name": name, "classes": made})

"""Projects and their ontologies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from labelyard.connection import Connection, given
from labelyard.settings import Settings, settings_change, settings_delete, settings_read
from labelyard.tasks import Person


@dataclass(frozen=True, kw_only=True)
class Project(Settings):
    """A project; ``role`` is yours in it."""

    uid: str
    name: str
    ontology: int
    role: str
    task_count: int
    guide: str
    review_share: float
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class ObjectClass:
    """A class of objects; ``shape`` is one of the seven kinds."""

    id: int
    name: str
    color: str
    shape: str
    archived: bool
    feature_hash: str


@dataclass(frozen=True, kw_only=True)
class Ontology:
    """What a project labels. Attributes and classifications are as docs/api.md has them."""

    id: int
    uid: str
    name: str
    classes: list[ObjectClass]
    classifications: list[dict[str, Any]]

    def class_named(self, name: str) -> ObjectClass:
        """Return the class of this name. Raises ``KeyError``."""
        for one in self.classes:
            if one.name == name:
                return one
        raise KeyError(f"The ontology “{self.name}” has no class “{name}”.")


@dataclass(frozen=True, kw_only=True)
class Member(Settings):
    """A person or a service account, and their role in a project."""

    project: int
    user: Person
    role: str


class Projects:
    """``client.projects``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> Iterator[Project]:
        """Yield the projects that you are a member of."""
        return self._connection.pages(Project, "projects/")

    def get(self, project: int) -> Project:
        """Return one project."""
        return settings_read(self._connection, Project, f"projects/{project}/")

    def create(self, *, name: str, ontology: int | Mapping[str, Any]) -> Project:
        """Make a project. ``ontology`` is an id, or a tree: name, classes, classifications."""
        return self._connection.post(Project, "projects/", {"name": name, "ontology": ontology})

    def update(
        self,
        project: int | Project,
        *,
        name: str | None = None,
        guide: str | None = None,
        review_share: float | None = None,
    ) -> Project:
        """Change what is given.

        Given the record that ``get`` returned instead of its id, it raises ``Conflict`` where somebody has
        changed it since.
        """
        body = given(name=name, guide=guide, review_share=review_share)
        return settings_change(self._connection, Project, "projects", project, body)

    def members(self, project: int) -> Iterator[Member]:
        """Yield the members of a project."""
        return self._connection.pages(Member, f"projects/{project}/members/")

    def add_member(self, project: int, *, username: str, role: str) -> Member:
        """Give somebody a role: viewer, annotator, reviewer or manager."""
        body = {"username": username, "role": role}
        return self._connection.post(Member, f"projects/{project}/members/", body)

    def member(self, member: int) -> Member:
        """Return one member."""
        return settings_read(self._connection, Member, f"members/{member}/")

    def change_role(self, member: int | Member, *, role: str) -> Member:
        """Give a member another role.

        Given the record that ``get`` returned instead of its id, it raises ``Conflict`` where somebody has
        changed it since.
        """
        return settings_change(self._connection, Member, "members", member, {"role": role})

    def remove_member(self, member: int | Member) -> None:
        """Take a member out, a record as ``change_role`` takes it; their tasks are free again."""
        settings_delete(self._connection, "members", member)

    def ontology(self, project: int | Project) -> Ontology:
        """Return the ontology of a project: its classes with their ids."""
        found = project if isinstance(project, Project) else self.get(project)
        return self._connection.read(Ontology, f"ontologies/{found.ontology}/")

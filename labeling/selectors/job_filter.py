"""Which jobs are meant, over all projects that a person may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Q, QuerySet

from labeling.models import Job, JobState, Member, User

# What is active has not finished: said so that an index of such jobs is used.
GROUPS = {
    "active": Q(finished_at=None),
    "failed": Q(state__in=(JobState.FAILED, JobState.PARTIAL)),
}
"""Words for several states; ``failed`` is in whole or in part."""


@dataclass(frozen=True)
class JobFilter:
    """Each member narrows the jobs, and none means all. ``state`` is one, or a word of ``GROUPS``.

    ``author``: a user's id. ``search`` looks into the titles of tasks. ``ids`` names jobs outright.
    """

    project: int | None = None
    state: str = ""
    kind: str = ""
    author: int | None = None
    batch: int | None = None
    task: int | None = None
    search: str = ""
    ids: tuple[int, ...] = ()

    def narrow(self, rows: QuerySet[Job], *, user: User) -> QuerySet[Job]:
        """Return those of ``rows`` that are meant and of projects that the user is a member of."""
        projects = self.projects(user)
        # Of one project by equality: then an index gives them in order.
        rows = rows.filter(project=projects[0]) if len(projects) == 1 else rows.filter(project__in=projects)
        if self.state:
            rows = rows.filter(GROUPS.get(self.state) or Q(state=self.state))
        if self.search:
            rows = rows.filter(task__title__icontains=self.search)
        if self.ids:
            rows = rows.filter(pk__in=self.ids)
        told = {"kind": self.kind, "created_by": self.author, "batch": self.batch, "task": self.task}
        return rows.filter(**{name: value for name, value in told.items() if value})

    def projects(self, user: User) -> list[int]:
        """The projects whose jobs are looked at."""
        rows = Member.objects.filter(user=user)
        if self.project is not None:
            rows = rows.filter(project=self.project)
        return list(rows.values_list("project_id", flat=True))

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def job_filter_read(told: Mapping[str, Any]) -> JobFilter:
    """Return the filter that ``to_json`` made ``told`` of."""
    return JobFilter(**{**told, "ids": tuple(told["ids"])})

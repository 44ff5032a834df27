"""What the projects page shows of each project, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from labeling.models import ACTIVE_STATES, Job, JobState, Media, MediaState, Project, Role, Stage, Task, User
from labeling.selectors.projects import project_list

FAILURES_OF = timedelta(hours=24)


@dataclass(frozen=True)
class ProjectCard:
    """``failures``: jobs that failed, in whole or in part, within a day; ``refused``: media."""

    project: Project
    role: Role
    tasks: int
    in_review: int
    complete: int
    running: int
    failures: int
    refused: int

    @property
    def percent(self) -> int:
        """How much is complete; only a finished project says 100."""
        return self.complete * 100 // self.tasks if self.tasks else 0


def project_cards(user: User) -> list[ProjectCard]:
    """Return a card for each project that the user is a member of, the newest first."""
    projects = list(project_list(user=user).order_by("-id"))
    ids = [project.pk for project in projects]
    tasks = task_counts(ids)
    jobs = job_counts(ids)
    refused = media_refused(ids)
    return [
        ProjectCard(
            project=project,
            role=Role(project.role),  # type: ignore[attr-defined]
            **{"tasks": 0, "in_review": 0, "complete": 0, **tasks.get(project.pk, {})},
            **{"running": 0, "failures": 0, **jobs.get(project.pk, {})},
            refused=refused.get(project.pk, 0),
        )
        for project in projects
    ]


def task_counts(ids: Iterable[int]) -> dict[int, dict[str, int]]:
    rows = (
        Task.objects.filter(project__in=ids)
        .order_by()
        .values("project")
        .annotate(
            tasks=Count("pk"),
            in_review=Count("pk", filter=Q(stage=Stage.REVIEW)),
            complete=Count("pk", filter=Q(stage=Stage.COMPLETE)),
        )
    )
    return by_project(rows)


def job_counts(ids: Iterable[int]) -> dict[int, dict[str, int]]:
    failed = Q(state__in=(JobState.FAILED, JobState.PARTIAL), finished_at__gte=timezone.now() - FAILURES_OF)
    rows = (
        Job.objects.filter(project__in=ids)
        .order_by()
        .values("project")
        .annotate(running=Count("pk", filter=Q(state__in=ACTIVE_STATES)), failures=Count("pk", filter=failed))
    )
    return by_project(rows)


def by_project(rows: Iterable[Mapping[str, Any]]) -> dict[int, dict[str, int]]:
    return {row["project"]: {name: row[name] for name in row if name != "project"} for row in rows}


def media_refused(ids: Iterable[int]) -> dict[int, int]:
    rows = Media.objects.filter(project__in=ids, state=MediaState.FAILED).order_by().values("project")
    return {row["project"]: row["count"] for row in rows.annotate(count=Count("pk"))}

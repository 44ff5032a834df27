"""Reading projects and members."""

from __future__ import annotations

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from labeling.errors import not_found
from labeling.models import Member, Project, Task, User


def project_list(*, user: User) -> QuerySet[Project]:
    """Return the projects that the user is a member of, each with their ``role``, ``task_count``, and the
    time that workers gave it: ``worker_seconds``, and of it ``gpu_seconds``.
    """
    tasks = (
        Task.objects.filter(project=OuterRef("pk")).order_by().values("project").annotate(count=Count("pk"))
    )
    return Project.objects.filter(memberships__user=user).annotate(
        role=F("memberships__role"),
        task_count=Subquery(tasks.values("count")),
        worker_seconds=Coalesce(F("fair_share__worker_seconds"), 0.0),
        gpu_seconds=Coalesce(F("fair_share__gpu_seconds"), 0.0),
    )


def project_get(*, user: User, project_id: int) -> Project:
    """Return a project of the user's, with what ``project_list`` gives it."""
    project = project_list(user=user).filter(pk=project_id).first()
    if project is None:
        raise not_found("project")
    return project


def membership_list(*, user: User) -> QuerySet[Member]:
    """Return what the user is in which project."""
    return Member.objects.filter(user=user).select_related("project").order_by("project_id")


def member_list(*, project_id: int) -> QuerySet[Member]:
    """Return the members of a project with their users."""
    return Member.objects.filter(project_id=project_id).select_related("user")


def member_get(*, member_id: int) -> Member:
    """Return a member with user and project."""
    member = Member.objects.select_related("user", "project").filter(pk=member_id).first()
    if member is None:
        raise not_found("member")
    return member

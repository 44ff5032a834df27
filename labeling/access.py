"""Who may do what, by the tables of ``labeling.access_rules``: the one place that answers.

Services do not ask about roles again, except where a task's stage and assignee decide
(``task_require_editable``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.db.models.functions import Now

from labeling.access_rules import BEYOND_PROJECTS, ONTOLOGY, PERMISSIONS, ROUTES, Permission
from labeling.errors import LabelyardError, conflict, forbidden, not_found
from labeling.models import (
    AgentVisit,
    Job,
    Member,
    Ontology,
    Project,
    Role,
    Stage,
    Task,
    User,
    VisitState,
    Webhook,
)

# From the number in an address to the project it belongs to, and what a stranger is told is missing.
PROJECT_BY_KWARG = {
    "project_id": ("project_id", "project"),
    "task_id": ("project__tasks", "task"),
    "media_id": ("project__media", "media"),
    "instance_id": ("project__tasks__instances", "instance"),
    "job_id": ("project__jobs", "job"),
    "batch_id": ("project__batches", "batch"),
    "member_id": ("project__memberships", "member"),
    "agent_id": ("project__agents", "agent"),
    "visit_id": ("project__agents__visits", "visit"),
    "connection_id": ("project__connections", "connection"),
    "export_id": ("project__bucket_exports", "export"),
    "upload_id": ("project__direct_uploads", "upload"),
    "listing_id": ("project__listings", "listing"),
    "watch_id": ("project__watches", "watch"),
    "rule_id": ("project__rules", "rule"),
    "comment_id": ("project__tasks__comments", "comment"),
}
# No row has a greater number; the databases cannot even be asked for one.
ID_MAX = 2**63 - 1

Person = User | AnonymousUser


def route_permission(*, route: str, method: str) -> Permission | None:
    """Return what ``route`` needs for ``method``; None when there is no rule, so that it is closed."""
    return ROUTES.get(route, {}).get("GET" if method == "HEAD" else method)


def route_require(
    *, user: Person, route: str, method: str, kwargs: Mapping[str, Any], by_token: bool = False
) -> Role | None:
    """Return the user's role in the project that the address is about, None where it is about none.

    Raises 401 for who is not signed in and has to be, 404 for outsiders, and 403 for members whose
    role does not allow ``method`` on ``route``, or when there is no rule.
    """
    permission = route_permission(route=route, method=method)
    if permission is None:
        raise forbidden("Nobody may do this here.")
    if permission is Permission.PUBLIC:
        return None
    if not isinstance(user, User):
        raise LabelyardError("not_signed_in", "Sign in, or send an API token.", status=401)
    if any(isinstance(number, int) and number > ID_MAX for number in kwargs.values()):
        raise not_found("thing")
    if permission is Permission.IN_PERSON and by_token:
        raise forbidden("An API token may not do this; sign in with your password.")
    if permission in BEYOND_PROJECTS:
        return None
    if permission is Permission.OPERATE:
        operator_require(user=user)
        return None
    if permission is Permission.WEBHOOK_MANAGE:
        return webhook_require(user=user, webhook_id=kwargs["webhook_id"])
    if permission in ONTOLOGY:
        ontology_require(user=user, ontology_id=kwargs["ontology_id"], permission=permission)
        return None
    return project_require(user=user, kwargs=kwargs, permission=permission)


def project_require(*, user: User, kwargs: Mapping[str, Any], permission: Permission) -> Role:
    """Return the user's role in the project of the thing that ``kwargs`` names, if it suffices."""
    for name, (lookup, what) in PROJECT_BY_KWARG.items():
        if name in kwargs:
            role = Member.objects.filter(user=user, **{lookup: kwargs[name]}).values_list("role", flat=True)
            return role_require(role.first(), permission=permission, what=what)
    raise forbidden("Nobody may do this here.")


def role_require(role: str | None, *, permission: Permission, what: str = "project") -> Role:
    """Return ``role`` if it allows ``permission``; None is an outsider."""
    if role is None:
        raise not_found(what)
    known = Role(role)
    if known not in PERMISSIONS[permission]:
        raise forbidden(f"As {known.label.lower()} of this project you may not do this.")
    return known


def role_in(*, user: User, project_id: int) -> Role | None:
    """Return the user's role in the project, None for an outsider."""
    role = Member.objects.filter(user=user, project_id=project_id).values_list("role", flat=True).first()
    return Role(role) if role else None


def require(*, user: User, project_id: int, permission: Permission) -> Role:
    """Return the user's role if it allows ``permission``.

    Raises ``not_found`` (404) for outsiders, who are not to know that the project exists, and
    ``forbidden`` (403) for members whose role does not allow it.
    """
    return role_require(role_in(user=user, project_id=project_id), permission=permission)


def operator_require(*, user: User) -> None:
    """Raise unless the user operates this installation."""
    if not user.is_superuser:
        raise forbidden("Only operators of this installation may do this.")


def webhook_require(*, user: User, webhook_id: int) -> Role | None:
    """Return the user's role in the webhook's project, None for one of the installation.

    Raises 404 for who is not to know of it, 403 for members who do not manage the project.
    """
    project_id = Webhook.objects.filter(pk=webhook_id).values_list("project_id", flat=True)
    if not project_id or (project_id[0] is None and not user.is_superuser):
        raise not_found("webhook")
    if project_id[0] is None:
        return None
    role = role_in(user=user, project_id=project_id[0])
    return role_require(role, permission=Permission.PROJECT_MANAGE, what="webhook")


def ontology_require(*, user: User, ontology_id: int, permission: Permission) -> None:
    """Raise unless the user may see (or change) the ontology.

    It is seen by who made it and by members of the projects that use it. It is changed by who
    manages all of those; while no project uses it, by who made it.
    """
    ontology = Ontology.objects.filter(pk=ontology_id).values("created_by_id").first()
    users = Project.objects.filter(ontology_id=ontology_id)
    made_it = ontology is not None and ontology["created_by_id"] == user.pk
    if not made_it and not users.filter(memberships__user=user).exists():
        raise not_found("ontology")
    if permission is Permission.ONTOLOGY_READ:
        return
    managed = Q(memberships__user=user, memberships__role=Role.MANAGER)
    if users.exclude(pk__in=users.filter(managed)).exists():
        raise forbidden("Only who manages every project that uses this ontology may change it.")


def ontology_usable(*, user: User, ontology_id: int) -> bool:
    """Say whether the user may start a project with the ontology: its maker, and managers who use it.

    A member with a lesser role may not: their project would keep the managers from changing it.
    """
    managed = Q(projects__memberships__user=user, projects__memberships__role=Role.MANAGER)
    return Ontology.objects.filter(Q(created_by=user) | managed, pk=ontology_id).exists()


def job_require_steerable(*, job: Job, user: User, role: Role) -> None:
    """Raise unless this person may pause, cancel, retry, revert or redo the job.

    Who ordered it may, and reviewers and managers.
    """
    if role in (Role.MANAGER, Role.REVIEWER) or (role == Role.ANNOTATOR and job.created_by_id == user.pk):
        return
    raise forbidden("Only who ordered the job, reviewers and managers may do this.")


def task_require_editable(*, task: Task, user: User, role: Role) -> None:
    """Raise unless this person may change labels of the task as it stands now (``task_barrier``)."""
    error = task_barrier(task=task, user=user, role=role)
    if error:
        raise error


def holds(user: User, task: Task) -> bool:
    """Whether this person has taken the task for an agent, and their lease still runs."""
    held = AgentVisit.objects.filter(task=task, taker=user, state=VisitState.HELD)
    return held.filter(lease_expires_at__gte=Now()).exists()


def task_barrier(*, task: Task, user: User, role: Role) -> LabelyardError | None:
    """Return what keeps this person from changing the task's labels, None when nothing does.

    Annotators work on annotate tasks that are theirs or nobody's; reviewers on review tasks too;
    managers on any that is not complete. A task that is with an agent is changed by who has taken it.
    """
    if role == Role.VIEWER:
        return forbidden("As viewer of this project you may look, not change.")
    if task.stage == Stage.COMPLETE:
        return conflict("task_complete", "The task is complete. Reopen it before changing anything in it.")
    if role == Role.MANAGER:
        return None
    sentence = ""
    if task.stage == Stage.AGENT and not holds(user, task):
        sentence = "The task is with an agent; only who holds it for that changes it now."
    elif task.stage == Stage.REVIEW and role != Role.REVIEWER:
        sentence = "The task is in review; only reviewers change it now."
    elif task.stage == Stage.ANNOTATE and role == Role.ANNOTATOR and task.assignee_id not in (None, user.pk):
        sentence = "The task is assigned to somebody else."
    return forbidden(sentence) if sentence else None

"""Who may do what: the one place that says so.

``PERMISSIONS`` gives each permission its roles, ``ROUTES`` each route and method its permission.
A route without a rule is closed, and so is a method without one. Services do not ask about roles
again, except where a task's stage and assignee decide (``task_require_editable``).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.db.models.functions import Now

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


class Permission(StrEnum):
    """What a route needs."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    # Signed in with a password, in this session: a token does not do.
    IN_PERSON = "in_person"
    ONTOLOGY_READ = "ontology_read"
    ONTOLOGY_MANAGE = "ontology_manage"
    PROJECT_READ = "project_read"
    LABEL_WRITE = "label_write"
    COMMENT = "comment"
    JOB_RUN = "job_run"
    TASK_SUBMIT = "task_submit"
    REVIEW = "review"
    PROJECT_MANAGE = "project_manage"
    # Who manages the webhook's project; of one of the installation, its operators.
    WEBHOOK_MANAGE = "webhook_manage"
    # Operators of the installation: superusers.
    OPERATE = "operate"


EVERYONE = frozenset(Role)
WRITERS = frozenset({Role.ANNOTATOR, Role.REVIEWER, Role.MANAGER})
PERMISSIONS: dict[Permission, frozenset[Role]] = {
    Permission.PROJECT_READ: EVERYONE,
    Permission.LABEL_WRITE: WRITERS,
    Permission.COMMENT: WRITERS,
    Permission.JOB_RUN: WRITERS,
    Permission.TASK_SUBMIT: WRITERS,
    Permission.REVIEW: frozenset({Role.REVIEWER, Role.MANAGER}),
    Permission.PROJECT_MANAGE: frozenset({Role.MANAGER}),
}

Rules = dict[str, Permission]
"""Method to what it needs. HEAD goes by the rule of GET."""

READ: Rules = {"GET": Permission.PROJECT_READ}
READ_OR_MANAGE: Rules = {"GET": Permission.PROJECT_READ, "POST": Permission.PROJECT_MANAGE}
READ_OR_LABEL: Rules = {"GET": Permission.PROJECT_READ, "POST": Permission.LABEL_WRITE}
MANAGE: Rules = {"POST": Permission.PROJECT_MANAGE}
SEE_AND_MANAGE: Rules = {"GET": Permission.PROJECT_MANAGE, "POST": Permission.PROJECT_MANAGE}
STEER_JOB: Rules = {"POST": Permission.JOB_RUN}
READ_WEBHOOK: Rules = {"GET": Permission.WEBHOOK_MANAGE}
STEER_WEBHOOK: Rules = {"POST": Permission.WEBHOOK_MANAGE}

ROUTES: dict[str, Rules] = {
    "healthz": {"GET": Permission.PUBLIC},
    "api:schema": {"GET": Permission.PUBLIC},
    "api:me": {"GET": Permission.SIGNED_IN},
    "api:my-preferences": {"GET": Permission.SIGNED_IN, "PATCH": Permission.SIGNED_IN},
    "api:my-notifications": {"GET": Permission.SIGNED_IN, "POST": Permission.SIGNED_IN},
    "api:tokens": {"GET": Permission.SIGNED_IN, "POST": Permission.IN_PERSON},
    "api:token": {"DELETE": Permission.SIGNED_IN},
    "api:ontologies": {"GET": Permission.SIGNED_IN, "POST": Permission.SIGNED_IN},
    "api:ontology": {"GET": Permission.ONTOLOGY_READ, "PATCH": Permission.ONTOLOGY_MANAGE},
    "api:projects": {"GET": Permission.SIGNED_IN, "POST": Permission.SIGNED_IN},
    "api:project": {"GET": Permission.PROJECT_READ, "PATCH": Permission.PROJECT_MANAGE},
    "api:project-members": READ_OR_MANAGE,
    "api:member": {
        "GET": Permission.PROJECT_READ,
        "PATCH": Permission.PROJECT_MANAGE,
        "DELETE": Permission.PROJECT_MANAGE,
    },
    "api:project-media": READ_OR_MANAGE,
    "api:media": READ,
    "api:media-read": MANAGE,
    "api:project-connections": SEE_AND_MANAGE,
    "api:connection": {
        "GET": Permission.PROJECT_MANAGE,
        "PATCH": Permission.PROJECT_MANAGE,
        "DELETE": Permission.PROJECT_MANAGE,
    },
    "api:connection-test": MANAGE,
    "api:connection-listings": SEE_AND_MANAGE,
    "api:project-exports": SEE_AND_MANAGE,
    "api:bucket-export": {"GET": Permission.PROJECT_MANAGE},
    "api:listing": {"GET": Permission.PROJECT_MANAGE},
    "api:listing-cancel": MANAGE,
    "api:listing-retry": MANAGE,
    "api:media-frame": READ,
    "api:project-tasks": READ_OR_MANAGE,
    # Annotators may take a task and release it; the service sees to it that they do no more.
    "api:task": {"GET": Permission.PROJECT_READ, "PATCH": Permission.LABEL_WRITE},
    "api:task-submit": {"POST": Permission.TASK_SUBMIT},
    "api:task-accept": {"POST": Permission.REVIEW},
    "api:task-reject": {"POST": Permission.REVIEW},
    "api:task-reopen": {"POST": Permission.PROJECT_MANAGE},
    "api:task-send": {"POST": Permission.PROJECT_MANAGE},
    "api:project-agents": READ_OR_MANAGE,
    "api:agent": {
        "GET": Permission.PROJECT_READ,
        "PATCH": Permission.PROJECT_MANAGE,
        "DELETE": Permission.PROJECT_MANAGE,
    },
    "api:agent-visits": READ,
    # Beyond the role: service accounts and managers, and of a visit who holds it.
    "api:agent-take": {"POST": Permission.LABEL_WRITE},
    "api:visit": READ,
    "api:visit-renew": {"POST": Permission.LABEL_WRITE},
    "api:visit-release": {"POST": Permission.LABEL_WRITE},
    "api:visit-hand-back": {"POST": Permission.LABEL_WRITE},
    "api:task-instances": READ_OR_LABEL,
    "api:instance": {
        "GET": Permission.PROJECT_READ,
        "PATCH": Permission.LABEL_WRITE,
        "DELETE": Permission.LABEL_WRITE,
    },
    "api:task-labels": READ_OR_LABEL,
    "api:task-edits": READ_OR_LABEL,
    "api:task-edits-together": {"POST": Permission.LABEL_WRITE},
    # Beyond the role, an edit is undone by who made it, reviewers and managers.
    "api:edit-undo": {"POST": Permission.LABEL_WRITE},
    "api:edit-redo": {"POST": Permission.LABEL_WRITE},
    "api:instance-label": {"PUT": Permission.LABEL_WRITE, "DELETE": Permission.LABEL_WRITE},
    "api:label-history": READ,
    "api:instance-differences": READ,
    "api:instance-answers": {"GET": Permission.PROJECT_READ, "PUT": Permission.LABEL_WRITE},
    "api:task-answers": READ,
    "api:task-classifications": {"GET": Permission.PROJECT_READ, "PUT": Permission.LABEL_WRITE},
    "api:task-changes": READ,
    "api:task-timeline": READ,
    "api:task-comments": {"GET": Permission.PROJECT_READ, "POST": Permission.COMMENT},
    # Beyond the role: one edits and deletes one's own comments, managers anybody's.
    "api:comment": {
        "GET": Permission.PROJECT_READ,
        "PATCH": Permission.COMMENT,
        "DELETE": Permission.COMMENT,
    },
    # Who only looks is seen too; the service lets nobody hold the lease who may not edit.
    "api:task-presence": {"PUT": Permission.PROJECT_READ, "DELETE": Permission.PROJECT_READ},
    "api:task-reviews": {"GET": Permission.PROJECT_READ, "POST": Permission.REVIEW},
    "api:task-jobs": {"GET": Permission.PROJECT_READ, "POST": Permission.JOB_RUN},
    # Who may change labels may click; the task's stage and assignee decide as they do for labels.
    "api:task-prompts": {"POST": Permission.LABEL_WRITE},
    "api:task-prompts-warm": {"POST": Permission.LABEL_WRITE},
    "api:task-prompt": {"GET": Permission.LABEL_WRITE},
    "api:project-jobs": READ,
    # Beyond the rule: jobs of one's own projects only, each steered by who may steer it.
    "api:jobs": {"GET": Permission.SIGNED_IN},
    "api:bulk-actions": {"GET": Permission.SIGNED_IN, "POST": Permission.SIGNED_IN},
    "api:bulk-action": {"GET": Permission.SIGNED_IN},
    "api:my-filters": {"GET": Permission.SIGNED_IN, "POST": Permission.SIGNED_IN},
    "api:my-filter": {"DELETE": Permission.SIGNED_IN},
    "api:job": READ,
    # Beyond the role, a job is steered by who ordered it, reviewers and managers.
    "api:job-pause": STEER_JOB,
    "api:job-resume": STEER_JOB,
    "api:job-cancel": STEER_JOB,
    "api:job-retry": STEER_JOB,
    "api:job-revert": STEER_JOB,
    "api:job-redo": STEER_JOB,
    "api:project-batches": READ_OR_MANAGE,
    "api:batch": READ,
    "api:batch-items": READ,
    "api:batch-items-csv": READ,
    "api:batch-scores": READ,
    "api:batch-again": MANAGE,
    "api:batch-go-on": MANAGE,
    "api:batch-pause": MANAGE,
    "api:batch-resume": MANAGE,
    "api:batch-cancel": MANAGE,
    "api:batch-retry": MANAGE,
    "api:batch-revert": MANAGE,
    "api:job-original": READ,
    "api:job-events": READ,
    "api:project-export": READ,
    "api:task-export": READ,
    "api:webhook-kinds": {"GET": Permission.SIGNED_IN},
    "api:project-webhooks": {"GET": Permission.PROJECT_MANAGE, "POST": Permission.PROJECT_MANAGE},
    "api:webhooks": {"GET": Permission.OPERATE, "POST": Permission.OPERATE},
    "api:webhook": {
        "GET": Permission.WEBHOOK_MANAGE,
        "PATCH": Permission.WEBHOOK_MANAGE,
        "DELETE": Permission.WEBHOOK_MANAGE,
    },
    "api:webhook-secret": STEER_WEBHOOK,
    "api:webhook-test": STEER_WEBHOOK,
    "api:webhook-pause": STEER_WEBHOOK,
    "api:webhook-resume": STEER_WEBHOOK,
    "api:webhook-redeliver": STEER_WEBHOOK,
    "api:webhook-deliveries": READ_WEBHOOK,
    "api:webhook-delivery": READ_WEBHOOK,
    "api:webhook-delivery-redeliver": STEER_WEBHOOK,
    "api:events": {"GET": Permission.SIGNED_IN},
    "api:event-stream": {"GET": Permission.SIGNED_IN},
    "api:workers": {"GET": Permission.SIGNED_IN},
    "api:worker-hold": {"POST": Permission.OPERATE},
    # Beyond the rule of projects: how they share the workers is the operator's.
    "api:project-weight": {"PUT": Permission.OPERATE},
    # The pages.
    "sign-in": {"GET": Permission.PUBLIC, "POST": Permission.PUBLIC},
    "sign-out": {"POST": Permission.PUBLIC},
    "projects": {"GET": Permission.SIGNED_IN},
    "project-new": {"GET": Permission.SIGNED_IN, "POST": Permission.SIGNED_IN},
    "project": READ,
    "project-media": READ,
    "project-jobs": READ,
    "project-export": READ,
    "project-agents": READ,
    "project-ontology": READ,
    "project-members": {"GET": Permission.PROJECT_MANAGE, "POST": Permission.PROJECT_MANAGE},
    "member-change": {"POST": Permission.PROJECT_MANAGE},
    "project-rules": {"POST": Permission.PROJECT_MANAGE},
    "project-connections": SEE_AND_MANAGE,
    "connection": SEE_AND_MANAGE,
    "connection-act": MANAGE,
    "export-write": MANAGE,
    "connection-register": MANAGE,
    "media-row": READ,
    "media-thumb": READ,
    "run-new": {"GET": Permission.PROJECT_MANAGE, "POST": Permission.PROJECT_MANAGE},
    "project-batches": READ,
    "batch": READ,
    "run-again": SEE_AND_MANAGE,
    "batch-act": MANAGE,
    "batch-scores": READ,
    # Beyond the rule: jobs of one's own projects only, each steered by who may steer it.
    "queue": {"GET": Permission.SIGNED_IN},
    "queue-act": {"POST": Permission.SIGNED_IN},
    "jobs-reach": {"GET": Permission.SIGNED_IN},
    "bulk-action": {"GET": Permission.SIGNED_IN},
    "filter-keep": {"POST": Permission.SIGNED_IN},
    "filter-forget": {"POST": Permission.SIGNED_IN},
    "job": READ,
    "job-row": READ,
    "job-act": STEER_JOB,
    "jobs-act": STEER_JOB,
    "task": READ,
    "task-assign": {"POST": Permission.LABEL_WRITE},
    "tokens": {"GET": Permission.IN_PERSON, "POST": Permission.IN_PERSON},
    "token-revoke": {"POST": Permission.IN_PERSON},
    "workers": {"GET": Permission.SIGNED_IN},
    "worker-hold": {"POST": Permission.OPERATE},
    "project-webhooks": {"GET": Permission.PROJECT_MANAGE, "POST": Permission.PROJECT_MANAGE},
    "webhooks": {"GET": Permission.OPERATE, "POST": Permission.OPERATE},
    "webhook": {"GET": Permission.WEBHOOK_MANAGE, "POST": Permission.WEBHOOK_MANAGE},
    "webhook-act": STEER_WEBHOOK,
    "webhook-log": READ_WEBHOOK,
    "webhook-delivery": {"GET": Permission.WEBHOOK_MANAGE, "POST": Permission.WEBHOOK_MANAGE},
    "notifications": {"GET": Permission.SIGNED_IN, "POST": Permission.SIGNED_IN},
}

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
    "listing_id": ("project__listings", "listing"),
    "comment_id": ("project__tasks__comments", "comment"),
}
# No row has a greater number; the databases cannot even be asked for one.
ID_MAX = 2**63 - 1
BEYOND_PROJECTS = frozenset({Permission.SIGNED_IN, Permission.IN_PERSON})
ONTOLOGY = frozenset({Permission.ONTOLOGY_READ, Permission.ONTOLOGY_MANAGE})

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

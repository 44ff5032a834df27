"""Projects and their members."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, connection, transaction

from labeling.access import ontology_usable
from labeling.errors import LabelyardError, conflict, not_found, refused
from labeling.models import Member, Ontology, Project, Role, Task, User
from labeling.services.events import event_write
from labeling.services.ontologies import ontology_create

CHANGEABLE = frozenset(
    {"name", "guide", "review_share", "running_parts_max", "comments_block", "budget_seconds"}
)
WEIGHT_MAX = 1000.0


@transaction.atomic
def project_create(*, user: User, name: str, ontology: Ontology | int | dict[str, Any]) -> Project:
    """Make a project with ``user`` as its manager.

    ``ontology`` is a stored one, its id, or a tree as ``ontology_create`` takes it. Raises
    ``unknown_ontology`` (422) for one that the user did not make and does not manage.
    """
    if isinstance(ontology, dict):
        ontology = ontology_create(user=user, tree=ontology)
    else:
        pk = ontology if isinstance(ontology, int) else ontology.pk
        if not ontology_usable(user=user, ontology_id=pk):
            raise refused(
                "unknown_ontology", "You neither made this ontology nor manage a project that uses it."
            )
        ontology = Ontology.objects.get(pk=pk)
    project = Project.objects.create(name=name, ontology=ontology, created_by=user)
    Member.objects.create(project=project, user=user, role=Role.MANAGER)
    event_write(kind="project.created", project_id=project.pk, payload={"name": name, "by": user.username})
    return project


@transaction.atomic
def project_update(*, project: Project, **changes: object) -> Project:
    """Change ``name``, ``guide``, ``review_share`` (0 to 1), ``running_parts_max`` (None: no cap),
    ``budget_seconds`` of workers (None: no limit) or ``comments_block`` (open comments keep tasks from being
    submitted).
    """
    if not changes.keys() <= CHANGEABLE:
        raise refused("unknown_change", f"Of a project {', '.join(sorted(CHANGEABLE))} can be changed.")
    share = changes.get("review_share", 1.0)
    if not isinstance(share, int | float) or not 0 <= share <= 1:
        raise refused("review_share_out_of_range", "The share of tasks to review lies between 0 and 1.")
    for name, value in changes.items():
        setattr(project, name, value)
    project.save(update_fields=sorted(changes))
    event_write(kind="project.changed", project_id=project.pk, payload={"changed": sorted(changes)})
    return project


@transaction.atomic
def project_weigh(*, project_id: int, weight: float) -> Project:
    """Say how much of the workers the project gets beside others. Raises ``weight_out_of_range`` (422)."""
    if not 0 < weight <= WEIGHT_MAX:
        raise refused("weight_out_of_range", f"A weight lies above 0 and is at most {WEIGHT_MAX:g}.")
    if not Project.objects.filter(pk=project_id).update(weight=weight):
        raise not_found("project")
    event_write(kind="project.changed", project_id=project_id, payload={"changed": ["weight"]})
    return Project.objects.get(pk=project_id)


@transaction.atomic
def member_add(*, project: Project, username: str, role: str) -> Member:
    """Give a user a role. Raises ``unknown_user`` (422), ``member_already`` (409)."""
    role_check(role)
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise refused("unknown_user", f"There is no user named “{username}”.")
    try:
        with transaction.atomic():
            member = Member.objects.create(project=project, user=user, role=role)
    except IntegrityError as error:
        raise conflict("member_already", f"{username} is a member of this project already.") from error
    told(member, "member.added")
    return member


@transaction.atomic
def member_change_role(*, member: Member, role: str) -> Member:
    """Give a member another role. Raises ``last_manager`` (409) when nobody would be left to manage.

    Who may not annotate any more loses the tasks that were assigned.
    """
    role_check(role)
    members_lock(member)
    if role != Role.MANAGER:
        another_manager_check(member)
    member.role = role
    member.save(update_fields=["role"])
    if role == Role.VIEWER:
        tasks_release(member)
    told(member, "member.changed")
    return member


@transaction.atomic
def member_remove(*, member: Member) -> None:
    """Take a member out of the project; tasks assigned to them are free again.

    Raises ``last_manager`` (409).
    """
    members_lock(member)
    another_manager_check(member)
    tasks_release(member)
    told(member, "member.removed")
    member.delete()


def role_check(role: str) -> None:
    if role not in Role.values:
        raise refused("unknown_role", f"A role is one of {', '.join(Role.values)}.")


def members_lock(member: Member) -> None:
    """Hold the project's row, so that of two managers who leave at once the second one stays."""
    rows = Project.objects.filter(pk=member.project_id)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    rows.get()
    member.refresh_from_db()


def another_manager_check(member: Member) -> None:
    if member.role != Role.MANAGER:
        return
    others = Member.objects.filter(project_id=member.project_id, role=Role.MANAGER).exclude(pk=member.pk)
    if not others.exists():
        raise last_manager(member)


def last_manager(member: Member) -> LabelyardError:
    return conflict(
        "last_manager", f"{member.user} is the last manager of this project. Make somebody else one first."
    )


def tasks_release(member: Member) -> None:
    tasks = Task.objects.filter(project_id=member.project_id, assignee_id=member.user_id)
    theirs = list(tasks.values_list("pk", flat=True))
    tasks.update(assignee=None)
    for task_id in theirs:
        event_write(
            kind="task.assigned", project_id=member.project_id, task_id=task_id, payload={"assignee": None}
        )


def told(member: Member, kind: str) -> None:
    event_write(
        kind=kind,
        project_id=member.project_id,
        payload={"user": member.user.username, "role": member.role},
    )

"""Rules made, changed and removed by people."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from django.db import IntegrityError, transaction

from labeling.errors import LabelyardError, conflict, refused
from labeling.models import Connection, MediaKind, Project, Rule, RuleState, User
from labeling.services.batches.specification import Specification, specification_check
from labeling.services.events import event_write

RULES_MOST = 50
KINDS = tuple(kind.value for kind in MediaKind if kind != MediaKind.OPAQUE)
"""Kinds of media that have frames, and so tasks."""


def rule_create(
    *,
    user: User | None,
    project: Project,
    name: str,
    specification: Specification,
    connection: int | None = None,
    prefix: str = "",
    kinds: Sequence[str] = (),
    budget_seconds: float | None = None,
) -> Rule:
    """Make a rule, which is off.

    Raises ``rule_exists``, ``too_many_rules`` (409), ``foreign_connection``, ``prefix_outside``,
    ``unknown_kind``, ``budget_out_of_range`` (422), and what batches say of their specification.
    """
    if Rule.objects.filter(project=project).count() >= RULES_MOST:
        raise conflict("too_many_rules", f"The project has {RULES_MOST} rules. Remove one first.")
    rule = Rule(
        project=project,
        name=name,
        connection_id=connection,
        prefix=prefix,
        kinds=sorted(set(kinds)),
        specification=specification.to_json(),
        budget_seconds=budget_seconds,
        created_by=user,
    )
    specification_check(project=project, specification=specification)
    rule_check(rule)
    with transaction.atomic():
        rule_save(rule)
        rule_event(rule, "rule.changed")
    return rule


@transaction.atomic
def rule_update(*, rule: Rule, specification: Specification | None = None, **changes: object) -> Rule:
    """Change ``name``, ``connection``, ``prefix``, ``kinds``, ``specification`` or ``budget_seconds``.

    What was noticed before keeps its place; jobs that were ordered stay as they are. Raises as
    ``rule_create`` does.
    """
    if specification is not None:
        specification_check(project=rule.project, specification=specification)
        rule.specification = specification.to_json()
    names = {"connection": "connection_id"}
    for name, value in changes.items():
        setattr(rule, names.get(name, name), value)
    rule.kinds = sorted(set(rule.kinds))
    rule_check(rule)
    rule_save(rule, *changes, *(("specification",) if specification is not None else ()))
    rule_event(rule, "rule.changed")
    return rule


@transaction.atomic
def rule_delete(*, rule: Rule) -> None:
    """Remove the rule. Jobs that it ordered stay, in their batches."""
    rule_event(rule, "rule.removed")
    Rule.objects.filter(pk=rule.pk).delete()


def rule_check(rule: Rule) -> None:
    """Raise for what a rule cannot be about."""
    if not rule.name.strip():
        raise refused("name_empty", "Give the rule a name.")
    unknown = next((kind for kind in rule.kinds if kind not in KINDS), None)
    if unknown is not None:
        raise refused("unknown_kind", f"There is no kind “{unknown}”; there are {', '.join(KINDS)}.")
    budget = rule.budget_seconds
    if budget is not None and not (isfinite(budget) and budget > 0):
        raise refused(
            "budget_out_of_range", "A budget lies above 0 seconds of workers. Leave it out for no limit."
        )
    if rule.connection_id is None:
        return
    connection = Connection.objects.filter(pk=rule.connection_id, project=rule.project_id).first()
    if connection is None:
        raise refused("foreign_connection", f"This project has no connection {rule.connection_id}.")
    if not rule.prefix.startswith(connection.prefix):
        raise refused(
            "prefix_outside",
            f"“{rule.prefix}” does not begin with the connection's prefix, “{connection.prefix}”, so no "
            "media of it would ever match.",
        )


def rule_save(rule: Rule, *fields: str) -> None:
    try:
        with transaction.atomic():
            rule.save(update_fields=sorted(fields) if rule.pk else None)
    except IntegrityError as error:
        raise rule_exists(rule) from error


def rule_exists(rule: Rule) -> LabelyardError:
    return conflict("rule_exists", f"The project has a rule “{rule.name}” already. Name this one otherwise.")


def rule_event(rule: Rule, kind: str, **more: object) -> None:
    """Tell pages that something is otherwise with the rule."""
    payload = {"rule": rule.pk, "name": rule.name, "state": str(RuleState(rule.state)), **more}
    event_write(kind=kind, project_id=rule.project_id, payload=payload)

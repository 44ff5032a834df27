"""Rules switched on and off by people, and paused by themselves."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from labeling.errors import conflict
from labeling.models import (
    WATCHFUL,
    Batch,
    BatchVerb,
    NotificationKind,
    Rule,
    RuleState,
    RuleTask,
    User,
)
from labeling.services.batches.specification import specification_check, specification_read
from labeling.services.batches.steering import LIVE, OVER_BUDGET, batch_go, rule_spent, spent_check
from labeling.services.events import event_write
from labeling.services.notifications import managers_notify
from labeling.services.rules.changes import rule_check, rule_event


@transaction.atomic
def rule_switch_on(*, user: User | None, rule: Rule, budget_seconds: float | None = None) -> Rule:
    """Have new media matched from now on; one that was paused goes on with what it noticed meanwhile.

    ``budget_seconds`` is a new budget, in all. Where the old one was spent, its batches go on, too. Raises
    ``rule_state``, ``rule_over_budget``, ``batch_busy`` (409), and what batches say of their specification.
    """
    spent = rule_spent(rule) or rule.error_code == OVER_BUDGET
    rule.budget_seconds = rule.budget_seconds if budget_seconds is None else budget_seconds
    rule_check(rule)
    specification_check(project=rule.project, specification=specification_read(rule.specification))
    spent_check(rule)
    # Batches are locked before their rule everywhere.
    if spent:
        batches_resume(rule)
    on = {
        "state": RuleState.ON, "switched_by": user, "switched_at": Now(),
        "budget_seconds": rule.budget_seconds,
    }  # fmt: skip
    if Rule.objects.filter(pk=rule.pk, state=RuleState.OFF).update(**on):
        # What was noticed in the moment in which it was switched off.
        waiting_drop(rule)
    elif not Rule.objects.filter(pk=rule.pk, state=RuleState.PAUSED).update(**on, error_code="", error=""):
        raise conflict("rule_state", "The rule is on already.")
    return told(rule)


def batches_resume(rule: Rule) -> None:
    """Let batches go on that were paused with a budget spent."""
    for batch in Batch.objects.filter(rule=rule, state__in=LIVE, paused=True).order_by("pk"):
        batch_go(batch=batch, budget_seconds=batch.budget_seconds)


@transaction.atomic
def rule_switch_off(*, rule: Rule) -> Rule:
    """Match nothing more. What was noticed and not handed to a batch yet is dropped; ordered jobs stay.

    Raises ``rule_state`` (409).
    """
    won = Rule.objects.filter(pk=rule.pk, state__in=WATCHFUL).update(
        state=RuleState.OFF, error_code="", error=""
    )
    if not won:
        raise conflict("rule_state", "The rule is off already.")
    waiting_drop(rule)
    return told(rule)


def waiting_drop(rule: Rule) -> None:
    RuleTask.objects.filter(rule=rule, batch=None, dropped=False).update(dropped=True)


def told(rule: Rule) -> Rule:
    rule.refresh_from_db()
    rule_event(rule, "rule.changed")
    return rule


@transaction.atomic
def rule_pause(*, rule_id: int, code: str, sentence: str) -> bool:
    """Pause a rule that is on, and tell the project's managers why; once, however often it is asked."""
    won = Rule.objects.filter(pk=rule_id, state=RuleState.ON).update(
        state=RuleState.PAUSED, error_code=code, error=sentence
    )
    if not won:
        return False
    rule = Rule.objects.get(pk=rule_id)
    rule_event(rule, "rule.paused", code=code, sentence=sentence)
    managers_notify(
        kind=NotificationKind.RULE, project_id=rule.project_id, note=f"{rule.name}: {sentence}", rule=rule
    )
    return True


def rule_spent_pause(*, rule_id: int, budget_seconds: float) -> bool:
    """``rule_pause`` for a budget that is spent; its batches are held back behind this."""
    sentence = f"Its budget of {budget_seconds:.0f} s of workers is spent: it is paused, with what it queued."
    return rule_pause(rule_id=rule_id, code=OVER_BUDGET, sentence=sentence)


def spent_hold_back() -> int:
    """Pause what rules whose budget is spent, on or off, have under way; return how many batches that are."""
    spent = Rule.objects.filter(worker_seconds__gte=F("budget_seconds")).values("pk")
    batches = Batch.objects.filter(rule__in=spent, state__in=LIVE, paused=False, verb=BatchVerb.NONE)
    return sum(held_back(batches.filter(pk=batch.pk), batch) for batch in batches.order_by("pk"))


@transaction.atomic
def held_back(rows: QuerySet[Batch], batch: Batch) -> int:
    won = rows.update(paused=True, verb=BatchVerb.PAUSE, verb_after=0, verb_outcome={})
    if won:
        payload = {"batch": batch.pk, "state": batch.state}
        event_write(kind="batch.paused", project_id=batch.project_id, payload=payload)
    return won

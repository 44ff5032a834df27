"""Handing tasks that rules took notice of to batches; what becomes of them there is as in any batch.

A rule collects its tasks in one batch a day. Whoever moves the rule's ``turns`` first hands the next tasks
over, in one transaction: who is killed before its end has done nothing, who comes second does nothing.
Rows are locked in this order: batch, rule.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from labeling.errors import LabelyardError
from labeling.models import Batch, BatchItem, BatchState, BatchVerb, Rule, RuleState, RuleTask
from labeling.selectors.tasks import TaskFilter
from labeling.services.batches.specification import specification_check, specification_read
from labeling.services.batches.steering import rule_spent
from labeling.services.events import event_write
from labeling.services.rules.switching import rule_pause, rule_spent_pause
from labeling.statements import row_of, run

CHUNK = 250
COLLECTED_FOR = timedelta(hours=24)
GROWING = (BatchState.QUEUEING, BatchState.RUNNING, BatchState.FINISHED)
HOLD = """
UPDATE labeling_batch SET items_total = items_total
WHERE id = %s AND verb = '' AND state IN ('queueing', 'running', 'finished')
RETURNING items_total
"""
TURN = """
UPDATE labeling_rule SET turns = turns + 1, ordered_at = {now} WHERE id = %s AND turns = %s AND state = 'on'
"""
GROW = """
UPDATE labeling_batch
SET items_total = items_total + %s, count_waiting = count_waiting + %s, state = 'queueing', finished_at = NULL
WHERE id = %s
"""


def rule_order_next(*, rule: Rule) -> int:
    """Hand the next tasks that wait for the rule to a batch; return how many, 0 when it is not its turn.

    Where the specification can no longer be carried out at all, the rule is paused with the reason, and the
    tasks go on waiting.
    """
    waiting = RuleTask.objects.filter(rule=rule, batch=None, dropped=False).order_by("pk")
    if not waiting.exists():
        return 0
    if rule.budget_seconds is not None and rule_spent(rule):
        rule_spent_pause(rule_id=rule.pk, budget_seconds=rule.budget_seconds)
        return 0
    try:
        specification_check(project=rule.project, specification=specification_read(rule.specification))
    except LabelyardError as error:
        rule_pause(rule_id=rule.pk, code=error.code, sentence=error.sentence)
        return 0
    with transaction.atomic():
        batch = batch_of_today(rule)
        if batch is not None and batch.verb != BatchVerb.NONE:
            # Nothing joins a batch while something is being done to all its jobs.
            return 0
        there = held(batch) if batch is not None else 0
        if there is None or not run(TURN, (rule.pk, rule.turns)):
            return 0
        some = list(waiting[:CHUNK])
        if some:
            hand_over(batch or batch_begin(rule), some, there=there)
        return len(some)


def batch_of_today(rule: Rule) -> Batch | None:
    """Return the rule's last batch, if more may join it: not one of yesterday, of another order, or ended by
    people."""
    batch = Batch.objects.filter(rule=rule).order_by("-pk").first()
    if batch is None or batch.state not in GROWING or batch.specification != rule.specification:
        return None
    return batch if batch.created_at > timezone.now() - COLLECTED_FOR else None


def held(batch: Batch) -> int | None:
    """Lock the batch and return how many items it has; None when nothing may join it now."""
    row = row_of(HOLD, (batch.pk,))
    return None if row is None else int(row[0])


def batch_begin(rule: Rule) -> Batch:
    """Store an empty batch that collects the rule's tasks from now on."""
    chosen = TaskFilter(connection=rule.connection_id, prefix=rule.prefix, media_kinds=tuple(rule.kinds))
    batch = Batch.objects.create(
        project_id=rule.project_id,
        rule=rule,
        name=f"{rule.name}, {timezone.now():%Y-%m-%d}",
        kind=rule.specification["kind"],
        state=BatchState.QUEUEING,
        filter=chosen.to_json(),
        specification=rule.specification,
        seed=secrets.randbelow(2**31 - 2) + 1,
        created_by_id=rule.switched_by_id,
    )
    event_write(kind="batch.queued", project_id=rule.project_id, payload={"batch": batch.pk, "rule": rule.pk})
    return batch


def hand_over(batch: Batch, some: list[RuleTask], *, there: int) -> None:
    """Append the tasks to the batch, which has ``there`` items and is locked."""
    RuleTask.objects.filter(pk__in=[one.pk for one in some]).update(batch=batch)
    BatchItem.objects.bulk_create(
        BatchItem(batch=batch, task_id=one.task_id, position=place)
        for place, one in enumerate(some, start=there + 1)
    )
    run(GROW, (len(some), len(some), batch.pk))


def rules_waiting() -> list[Rule]:
    """Return the rules that are on and have tasks to hand over."""
    waiting = RuleTask.objects.filter(rule=OuterRef("pk"), batch=None, dropped=False)
    rows = Rule.objects.filter(Exists(waiting), state=RuleState.ON).select_related("project")
    return list(rows.order_by("pk"))

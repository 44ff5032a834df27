"""What people ask of a whole batch: go on, pause, resume, cancel, retry, revert.

Asking is one statement; what it means for thousands of jobs is carried out behind the request
(``services.batches.carrying``).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from labeling.errors import LabelyardError, conflict
from labeling.models import ENDED, Batch, BatchState, BatchVerb, Rule, User
from labeling.services.batches.queueing import items_drop
from labeling.services.events import event_write

OVER_BUDGET = "rule_over_budget"
LIVE = (BatchState.QUEUEING, BatchState.TRYING, BatchState.RUNNING)


def batch_refused(batch: Batch, verb: str) -> LabelyardError:
    """The error of a verb that the batch's state does not allow."""
    if batch.verb:
        return conflict(
            "batch_busy",
            f"The batch is {BatchVerb(batch.verb).label.lower()} its jobs; wait for that.",
            verb=batch.verb,
        )
    state = "paused" if batch.paused else BatchState(batch.state).label.lower()
    return conflict(
        "batch_state",
        f"The batch is {state}, so it cannot be {verb}.",
        state=batch.state,
        paused=batch.paused,
    )


@transaction.atomic
def batch_go_on(*, batch: Batch) -> Batch:
    """Queue the rest after the sample. Raises ``batch_state`` (409) when no sample waits for that."""
    won = Batch.objects.filter(pk=batch.pk, state=BatchState.TRYING).update(
        state=BatchState.QUEUEING, sample_good=True
    )
    return asked(batch, won=won, verb="continued", kind="batch.went_on")


def batch_pause(*, batch: Batch) -> Batch:
    """Queue nothing more of it, and pause its jobs: running parts stop at their next commit."""
    changes = {"paused": True, "verb": BatchVerb.PAUSE}
    return verb_ask(batch, states=LIVE, verb="paused", kind="batch.paused", paused=False, changes=changes)


def batch_resume(*, batch: Batch, budget_seconds: float | None = None) -> Batch:
    """Go on with a paused batch; with ``budget_seconds`` of workers, in all, as its new budget.

    Raises ``batch_over_budget``, ``rule_over_budget`` (409) where its budget, or its rule's, is spent.
    """
    if batch.rule is not None:
        spent_check(batch.rule)
    budget = batch.budget_seconds if budget_seconds is None else budget_seconds
    if budget is not None and batch.worker_seconds >= budget:
        raise conflict(
            "batch_over_budget",
            f"The batch has had {batch.worker_seconds:.0f} s of workers and may have {budget:.0f} s. Give it "
            "a greater budget to go on.",
            worker_seconds=batch.worker_seconds,
            budget_seconds=budget,
        )
    return batch_go(batch=batch, budget_seconds=budget)


def batch_go(*, batch: Batch, budget_seconds: float | None) -> Batch:
    """``batch_resume`` once the budgets were looked at."""
    changes: dict[str, object] = {
        "paused": False, "verb": BatchVerb.RESUME, "budget_seconds": budget_seconds,
    }  # fmt: skip
    return verb_ask(batch, states=LIVE, verb="resumed", kind="batch.resumed", paused=True, changes=changes)


def rule_spent(rule: Rule) -> bool:
    """Say whether the rule has had all of its budget."""
    return rule.budget_seconds is not None and rule.worker_seconds >= rule.budget_seconds


def spent_check(rule: Rule) -> None:
    """Raise ``rule_over_budget`` (409) where the rule's budget is spent."""
    budget = rule.budget_seconds
    if budget is not None and rule_spent(rule):
        raise conflict(
            OVER_BUDGET,
            f"The rule “{rule}” has had {rule.worker_seconds:.0f} s of workers and may have {budget:.0f} s. "
            "Give it a greater budget to go on.",
            rule=rule.pk,
            worker_seconds=rule.worker_seconds,
            budget_seconds=budget,
        )


def batch_retry(*, batch: Batch) -> Batch:
    """Queue the failed parts of all its jobs again."""
    states = (*LIVE, *ENDED)
    return verb_ask(
        batch, states=states, verb="retried", kind="batch.retried", changes={"verb": BatchVerb.RETRY}
    )


def batch_revert(*, batch: Batch, user: User) -> Batch:
    """Take back what all its jobs wrote, which has ended; what people touched since stays."""
    changes = {"verb": BatchVerb.REVERT, "verb_by": user}
    return verb_ask(batch, states=ENDED, verb="reverted", kind="batch.reverting", changes=changes)


def verb_ask(
    batch: Batch,
    *,
    states: Sequence[BatchState],
    verb: str,
    kind: str,
    changes: dict[str, object],
    paused: bool | None = None,
) -> Batch:
    """Ask for a verb unless another is under way. ``paused``: only of a batch that is (not) paused."""
    rows = Batch.objects.filter(pk=batch.pk, state__in=states, verb=BatchVerb.NONE)
    if paused is not None:
        rows = rows.filter(paused=paused)
    with transaction.atomic():
        won = rows.update(verb_after=0, verb_outcome={}, **changes)
        return asked(batch, won=won, verb=verb, kind=kind)


@transaction.atomic
def batch_cancel(*, batch: Batch, keep: bool) -> Batch:
    """Stop all of it, whatever else is being done to it. ``keep`` says what becomes of labels written so far.

    Tasks that wait get no job; jobs are cancelled as single ones are.
    """
    won = Batch.objects.filter(pk=batch.pk, state__in=LIVE).update(
        state=BatchState.CANCELLING,
        cancel_keeps=keep,
        paused=False,
        verb=BatchVerb.CANCEL,
        verb_after=0,
        verb_outcome={},
    )
    asked(batch, won=won, verb="cancelled", kind="batch.cancelling")
    items_drop(batch=batch)
    batch.refresh_from_db()
    return batch


def asked(batch: Batch, *, won: int, verb: str, kind: str) -> Batch:
    """Tell of what was asked, or refuse it when the UPDATE found nothing."""
    batch.refresh_from_db()
    if not won:
        raise batch_refused(batch, verb)
    payload = {"batch": batch.pk, "state": batch.state}
    event_write(kind=kind, project_id=batch.project_id, payload=payload)
    return batch

"""Reading rules: what they would match, what they did, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, Count, OuterRef, Q, QuerySet, Subquery, Sum, TextField, Value
from django.db.models.functions import Coalesce

from labeling.errors import not_found
from labeling.models import COUNTS, Batch, BatchItem, Media, MediaState, Rule, RuleTask, Task
from labeling.selectors.media_filter import MediaFilter

SAMPLE = 10


@dataclass(frozen=True)
class RulePreview:
    """What of the media that are registered a rule would have matched, and their tasks, with a sample."""

    media: int
    media_matching: int
    tasks: int
    sample: Sequence[Task]


def media_filter_of(rule: Rule) -> MediaFilter:
    """Return which media the rule is about."""
    return MediaFilter(connection=rule.connection_id, prefix=rule.prefix, kinds=tuple(rule.kinds))


def rule_list(*, project_id: int) -> QuerySet[Rule]:
    """Return the rules of a project, each with what it counts (``rule_counts``)."""
    rows = Rule.objects.filter(project_id=project_id)
    return counted(rows).select_related("connection", "created_by", "switched_by")


def rule_get(*, rule_id: int) -> Rule:
    """Return a rule with what it counts. Raises ``not_found``."""
    rows = counted(Rule.objects.filter(pk=rule_id))
    rule = rows.select_related("project", "connection", "created_by", "switched_by").first()
    if rule is None:
        raise not_found("rule")
    return rule


def counted(rows: QuerySet[Rule]) -> QuerySet[Rule]:
    """Add ``noticed``, ``count_pending`` and ``count_dropped`` tasks, and the counts of its batches."""
    noticed = RuleTask.objects.filter(rule=OuterRef("pk")).order_by().values("rule")
    batches = Batch.objects.filter(rule=OuterRef("pk")).order_by().values("rule")
    pending = Q(batch=None, dropped=False)
    told: dict[str, Coalesce] = {
        "noticed": summed(noticed, Count("pk")),
        "count_pending": summed(noticed, Count("pk", filter=pending)),
        "count_dropped": summed(noticed, Count("pk", filter=Q(dropped=True))),
        **{f"count_{name}": summed(batches, Sum(f"count_{name}")) for name in COUNTS},
    }
    return rows.annotate(**told)


def summed(rows: QuerySet[Any, Any], what: Aggregate) -> Coalesce:
    """The figure over ``rows`` of one rule, 0 where there are none."""
    return Coalesce(Subquery(rows.annotate(figure=what).values("figure")), 0)


def rule_counts(rule: Rule) -> dict[str, int]:
    """What became of the tasks that the rule (of ``rule_get``) noticed, by the states of its batches' items.

    ``pending`` were not handed to a batch yet; ``dropped`` never will be.
    """
    return {name: int(getattr(rule, f"count_{name}")) for name in ("pending", "dropped", *COUNTS)}


def rule_preview(*, rule: Rule) -> RulePreview:
    """Say which of what is registered so far the rule would have matched."""
    chosen = media_filter_of(rule)
    media = Media.objects.filter(project_id=rule.project_id, state=MediaState.READY)
    tasks = Task.objects.filter(chosen.condition("media__"), project_id=rule.project_id)
    return RulePreview(
        media=media.count(),
        media_matching=media.filter(chosen.condition()).count(),
        tasks=tasks.count(),
        sample=list(tasks.select_related("media").order_by("-pk")[:SAMPLE]),
    )


def rule_task_list(*, rule: Rule) -> QuerySet[RuleTask]:
    """Return the tasks that the rule took notice of, each with its ``job_id`` and why it has none."""
    item = BatchItem.objects.filter(batch=OuterRef("batch"), task=OuterRef("task"))
    rows = RuleTask.objects.filter(rule=rule).select_related("task")
    return rows.annotate(
        job_id=Subquery(item.values("job")[:1]),
        job_state=Subquery(item.values("job__state")[:1]),
        reason=Coalesce(Subquery(item.values("reason")[:1]), Value(""), output_field=TextField()),
        sentence=Coalesce(Subquery(item.values("sentence")[:1]), Value(""), output_field=TextField()),
    )

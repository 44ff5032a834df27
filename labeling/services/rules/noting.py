"""Taking notice of new tasks: rows that are written with the task, so that nothing is lost or done twice."""

from __future__ import annotations

from labeling.models import WATCHFUL, Media, Rule, RuleTask, Task
from labeling.selectors.rules import media_filter_of


def task_note(*, task: Task, media: Media) -> int:
    """Note the task for every rule that its media matches; return for how many.

    In the transaction that makes the task. Nothing is judged here that could fail: whether the task gets a
    job is seen later.
    """
    rules = Rule.objects.filter(project_id=task.project_id, state__in=WATCHFUL)
    matching = [rule for rule in rules.order_by("pk") if media_filter_of(rule).takes(media)]
    RuleTask.objects.bulk_create((RuleTask(rule=rule, task=task) for rule in matching), ignore_conflicts=True)
    return len(matching)

"""Rules: new media get their jobs by themselves, once, whatever dies in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from labeling.errors import LabelyardError
from labeling.geometry.shapes import ShapeKind
from labeling.models import (
    Batch,
    Event,
    Job,
    Label,
    Media,
    Notification,
    ObjectClass,
    Project,
    Rule,
    RuleState,
    RuleTask,
    Task,
    User,
)
from labeling.selectors.media_filter import MediaFilter
from labeling.selectors.rules import rule_counts, rule_get, rule_preview, rule_task_list
from labeling.services.batches.queueing import batch_queue_next
from labeling.services.batches.specification import Specification, specification_read
from labeling.services.batches.steering import batch_resume
from labeling.services.connections import connection_delete
from labeling.services.orders import DetectOrder, WantedClass
from labeling.services.rules.changes import rule_create, rule_update
from labeling.services.rules.noting import task_note
from labeling.services.rules.ordering import rule_order_next
from labeling.services.rules.switching import rule_switch_off, rule_switch_on
from labeling.services.spent import time_book
from labeling.services.tasks import task_create
from tests import factories
from tests.engine.batching import counts, recount
from tests.engine.detecting import class_named, image_task
from workers.batches import tend_batches
from workers.rules import tend_rules
from workers.runner import run_next

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def dies_after(work: Callable[[], object]) -> None:
    """Do it in a process that ends before it has committed."""
    with transaction.atomic():
        work()
        transaction.set_rollback(True)


def finding(object_class: ObjectClass, *, step: int = 1) -> Specification:
    wanted = (WantedClass(object_class=object_class.pk),)
    return Specification(
        DetectOrder(first_frame=0, last_frame=0, classes=wanted, step=step, detector="scripted")
    )


def box_of(project: Project) -> ObjectClass:
    return factories.class_of(ontology=project.ontology, shape=ShapeKind.BOUNDING_BOX)


def make_rule(project: Project, *, on: bool = True, name: str = "Find", **words: object) -> Rule:
    specification = words.pop("specification", None) or finding(box_of(project))
    rule = rule_create(user=None, project=project, name=name, specification=specification, **words)  # type: ignore[arg-type]
    return rule_switch_on(user=None, rule=rule) if on else rule


def arrive(project: Project, title: str = "a.mp4") -> Task:
    """A media is read, and gets its task."""
    return task_create(user=None, media=factories.make_media(project=project, title=title))


def tend() -> None:
    """Get on with rules and batches until nothing is left to do."""
    idle = 0
    # Ending what was asked of a batch counts for nothing, and lets its rule go on.
    while idle < 2:
        idle = 0 if tend_rules() + tend_batches() else idle + 1


def told(rule: Rule) -> dict[str, int]:
    """What became of the tasks, without the zeros."""
    return {name: count for name, count in rule_counts(rule_get(rule_id=rule.pk)).items() if count}


def test_a_new_media_is_read_noticed_and_labelled(project: Project, tmp_path: Path) -> None:
    before = image_task(project, tmp_path, {"red": [(10, 10, 20, 12)]})
    rule = make_rule(project, specification=finding(class_named(project, "red")))
    task = image_task(project, tmp_path, {"red": [(30, 10, 20, 12), (60, 40, 8, 30)]})
    tend()
    assert run_next(capability="cpu")
    assert told(rule) == {"succeeded": 1}
    assert Label.objects.filter(task=task).count() == 2
    assert not Label.objects.filter(task=before).exists()
    job = Job.objects.get()
    assert job.batch is not None
    assert (job.batch.rule, job.task) == (rule, task)


def test_a_process_that_dies_between_registration_and_order_loses_nothing(project: Project) -> None:
    rule = make_rule(project)
    dies_after(lambda: arrive(project))
    assert not RuleTask.objects.exists()
    task = arrive(project)
    dies_after(lambda: rule_order_next(rule=rule))
    assert (told(rule), Batch.objects.count()) == ({"pending": 1}, 0)
    tend()
    assert told(rule) == {"queued": 1}
    assert Job.objects.get().task == task


def test_what_is_told_twice_is_ordered_once(project: Project) -> None:
    rule = make_rule(project)
    task = arrive(project)
    assert task_note(task=task, media=task.media) == 1
    # Two that tend have read the same row.
    stale = Rule.objects.get(pk=rule.pk)
    assert (rule_order_next(rule=rule), rule_order_next(rule=stale)) == (1, 0)
    arrive(project)
    assert rule_order_next(rule=stale) == 0
    tend()
    assert (Job.objects.count(), RuleTask.objects.count(), told(rule)) == (2, 2, {"queued": 2})


def test_what_waits_as_a_rule_is_switched_off_gets_no_job_later_either(project: Project) -> None:
    rule = make_rule(project)
    arrive(project)
    rule_switch_off(rule=rule)
    arrive(project)
    tend()
    rule_switch_on(user=None, rule=rule)
    tend()
    assert (told(rule), Job.objects.count()) == ({"dropped": 1}, 0)
    with pytest.raises(LabelyardError) as caught:
        rule_switch_on(user=None, rule=rule)
    assert caught.value.code == "rule_state"


def test_a_rule_is_off_until_it_is_switched_on(project: Project) -> None:
    rule = make_rule(project, on=False)
    arrive(project)
    tend()
    assert (rule.state, told(rule), Job.objects.count()) == (RuleState.OFF, {}, 0)
    preview = rule_preview(rule=rule)
    assert (preview.media, preview.media_matching, preview.tasks, len(preview.sample)) == (1, 1, 1, 1)


def test_the_jobs_of_a_day_are_one_batch_that_grows(project: Project) -> None:
    rule = make_rule(project)
    for _ in range(2):
        arrive(project)
        tend()
    batch = Batch.objects.get()
    assert counts(batch) == recount(batch) == {"queued": 2}
    assert list(batch.items.order_by("position").values_list("position", flat=True)) == [1, 2]
    Batch.objects.update(created_at=timezone.now() - timedelta(hours=25))
    arrive(project)
    tend()
    rule_update(rule=rule_get(rule_id=rule.pk), specification=finding(box_of(project), step=2))
    arrive(project)
    tend()
    assert [one.items_total for one in Batch.objects.order_by("pk")] == [2, 1, 1]
    assert told(rule) == {"queued": 4}


def test_what_joins_a_batch_as_its_last_items_are_queued_is_queued_too(project: Project) -> None:
    rule = make_rule(project)
    arrive(project)
    tend_rules()
    stale = Batch.objects.get()
    arrive(project)
    tend_rules()
    assert batch_queue_next(batch=stale) == 1
    assert Batch.objects.get().state == "queueing"
    tend()
    assert (Batch.objects.get().state, told(rule)) == ("running", {"queued": 2})


def test_a_spent_budget_pauses_the_rule_with_what_it_queued_and_tells_managers(
    project: Project, alice: User, bob: User
) -> None:
    rule = make_rule(project, budget_seconds=10.0)
    arrive(project)
    arrive(project)
    tend()
    first = Job.objects.order_by("pk").first()
    assert first is not None
    for _ in range(3):
        time_book(job_id=first.pk, seconds=6.0, gpu=True)
    arrive(project)
    tend()
    rule.refresh_from_db()
    assert (rule.state, rule.error_code, rule.gpu_seconds) == ("paused", "rule_over_budget", 18.0)
    assert "10 s" in rule.error
    assert told(rule) == {"pending": 1, "paused": 2}
    assert [(one.user, one.rule) for one in Notification.objects.all()] == [(alice, rule)]
    assert Event.objects.filter(kind="rule.paused").count() == 1
    for ask in (
        lambda: rule_switch_on(user=alice, rule=rule),
        lambda: batch_resume(batch=Batch.objects.get()),
    ):
        with pytest.raises(LabelyardError) as caught:
            ask()
        assert caught.value.code == "rule_over_budget"
    rule_switch_on(user=alice, rule=rule_get(rule_id=rule.pk), budget_seconds=60.0)
    tend()
    assert told(rule) == {"queued": 3}


def test_a_class_that_was_archived_pauses_the_rule_and_its_tasks_wait(project: Project) -> None:
    rule = make_rule(project)
    ObjectClass.objects.update(archived=True)
    arrive(project)
    tend()
    rule.refresh_from_db()
    assert (rule.state, rule.error_code) == ("paused", "class_archived")
    assert "archived" in rule.error
    assert (told(rule), Batch.objects.count()) == ({"pending": 1}, 0)
    with pytest.raises(LabelyardError):
        rule_switch_on(user=None, rule=rule)
    ObjectClass.objects.update(archived=False)
    rule_switch_on(user=None, rule=rule)
    tend()
    assert told(rule) == {"queued": 1}


def test_of_two_rules_about_the_same_frames_the_second_is_skipped_with_the_reason(project: Project) -> None:
    first, second = make_rule(project), make_rule(project, name="Again")
    arrive(project)
    tend()
    assert (told(first), told(second)) == ({"queued": 1}, {"skipped": 1})
    one = rule_task_list(rule=second).get()
    assert one.reason == "job_overlaps"  # type: ignore[attr-defined]
    assert f"Job {Job.objects.get().pk}" in one.sentence  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("prefix", "matching"),
    [
        ("", 5),
        ("Nord ", 1),
        ("ä/ñ 猫", 1),
        ("50%_", 1),
        ("nord", 1),
        ("\N{PERSON WITH FOLDED HANDS}x", 1),
        ("x", 0),
    ],
)
def test_a_prefix_counts_letter_by_letter(project: Project, prefix: str, matching: int) -> None:
    titles = ("Nord 1.mp4", "nord 1.mp4", "ä/ñ 猫.mp4", "50%_off.mp4", "\N{PERSON WITH FOLDED HANDS}x.mp4")
    for title in titles:
        factories.make_media(project=project, title=title)
    chosen = MediaFilter(prefix=prefix)
    taken = {media.pk for media in Media.objects.all() if chosen.takes(media)}
    assert taken == set(Media.objects.filter(chosen.condition()).values_list("pk", flat=True))
    assert len(taken) == matching


def test_a_rule_of_a_bucket_goes_by_keys_and_keeps_its_connection(project: Project) -> None:
    connection = factories.make_connection(project=project)
    rule = make_rule(project, connection=connection.pk, prefix="in/a b", kinds=["video"])
    for key in ("in/a b.mp4", "in/a.mp4"):
        media = factories.make_media(project=project, title="in/a b.mp4")
        Media.objects.filter(pk=media.pk).update(connection=connection, storage_key=key)
        media.refresh_from_db()
        task_create(user=None, media=media)
    arrive(project, "in/a b.mp4")
    assert RuleTask.objects.get().task.media.storage_key == "in/a b.mp4"
    assert rule_preview(rule=rule).tasks == 1
    Media.objects.filter(connection=connection).update(connection=None)
    with pytest.raises(LabelyardError) as caught:
        connection_delete(connection=connection)
    assert (caught.value.code, "“Find”" in caught.value.sentence) == ("connection_in_use", True)


def test_what_a_rule_cannot_be_about_is_refused(project: Project) -> None:
    other = factories.make_connection(project=factories.make_project())
    own = factories.make_connection(project=project)
    own.prefix = "in/"
    own.save()
    make_rule(project, on=False)
    refusals = {
        "rule_exists": {},
        "budget_out_of_range": {"name": "b", "budget_seconds": 0.0},
        "foreign_connection": {"name": "c", "connection": other.pk},
        "prefix_outside": {"name": "d", "connection": own.pk, "prefix": "out/"},
        "unknown_kind": {"name": "e", "kinds": ["opaque"]},
        "foreign_class": {"name": "f", "specification": finding(ObjectClass(pk=10**6))},
    }
    for code, words in refusals.items():
        with pytest.raises(LabelyardError) as caught:
            make_rule(project, on=False, **words)  # type: ignore[arg-type]
        assert (caught.value.code, Rule.objects.count()) == (code, 1)


def test_the_specification_is_kept_as_batches_keep_it(project: Project) -> None:
    wanted = finding(box_of(project), step=5)
    rule = Rule.objects.get(pk=make_rule(project, specification=wanted).pk)
    assert specification_read(rule.specification) == wanted

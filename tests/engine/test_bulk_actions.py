"""One thing asked of many jobs over projects: whom it reaches, in steps, by several processes, once each."""

from __future__ import annotations

import pytest
from django.db.models.functions import Now

from labeling.errors import LabelyardError
from labeling.models import (
    Batch,
    BulkAction,
    BulkVerb,
    Event,
    Job,
    JobState,
    Notification,
    Part,
    Project,
    Role,
    User,
)
from labeling.selectors.job_filter import JobFilter
from labeling.services import bulk_actions, job_verbs
from labeling.services.bulk_actions import bulk_ask, bulk_carry_next, bulk_reach
from labeling.services.bulk_notes import bulk_said
from labeling.services.jobs import job_submit
from labeling.services.orders import TrackOrder
from tests import factories
from tests.engine.batching import counts, queued, recount, seeded_tasks
from tests.engine.ordering import seeded_instance
from workers.bulk_actions import tend_bulk_actions
from workers.claim import claim_part

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture(autouse=True)
def quiet(valkey: object, settings: object) -> None:
    """Bells ring in a real queue; the scripted tracker may be ordered."""
    settings.SCRIPTED_BACKEND = True  # type: ignore[attr-defined]


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few the jobs, the request does not do them itself; a step is two of them."""
    monkeypatch.setattr(bulk_actions, "AT_ONCE", -1)
    monkeypatch.setattr(job_verbs, "TOGETHER", 2)
    monkeypatch.setattr(bulk_actions, "ALONE", 2)


def single(project: Project, user: User) -> Job:
    """A job of no batch."""
    task = factories.make_task(media=factories.make_media(project=project, frames=20))
    order = TrackOrder(
        instances=(seeded_instance(task).pk,), first_frame=0, last_frame=9, algorithm="scripted"
    )
    return job_submit(user=user, task=task, order=order).job


def states() -> list[str]:
    return list(Job.objects.order_by("pk").values_list("state", flat=True))


def test_it_is_done_in_steps_over_projects_and_batches_count_it(
    behind: None, alice: User, project: Project
) -> None:
    other, foreign = factories.make_project(), factories.make_project()
    factories.make_member(project=foreign, role=Role.MANAGER)
    other.memberships.create(user=alice, role=Role.REVIEWER)
    seeded_tasks(project, 5)
    batch = queued(project, user=alice)
    lone, untouched = single(other, alice), single(foreign, alice)
    held = claim_part(capability="cpu", holder="w", algorithms=["scripted"])
    assert held is not None
    action = bulk_ask(user=alice, verb=BulkVerb.CANCEL, chosen=JobFilter(), keep=False)
    assert (action.total, set(states())) == (6, {JobState.QUEUED, JobState.RUNNING})
    steps = 0
    while tend_bulk_actions():
        steps += 1
    assert steps >= 3
    ended = [JobState.CANCELLED, JobState.CANCELLING]
    assert set(Job.objects.exclude(pk=untouched.pk).values_list("state", flat=True)) == set(ended)
    lone.refresh_from_db()
    untouched.refresh_from_db()
    assert (lone.state, untouched.state) == (JobState.CANCELLED, JobState.QUEUED)
    assert counts(batch) == recount(batch)
    action.refresh_from_db()
    assert action.finished_at is not None
    assert bulk_said(action) == "Cancelled, discarding labels, 6 jobs."


def test_two_processes_do_each_job_once(behind: None, alice: User, project: Project) -> None:
    seeded_tasks(project, 4)
    queued(project, user=alice)
    action = bulk_ask(user=alice, verb=BulkVerb.PAUSE, chosen=JobFilter(project=project.pk))
    same = BulkAction.objects.get(pk=action.pk)
    while bulk_carry_next(action=action) + bulk_carry_next(action=same):
        pass
    assert BulkAction.objects.get().outcome == {"jobs": 4}
    assert Event.objects.filter(kind="job.paused").count() == 4
    assert set(Part.objects.values_list("state", flat=True)) == {"held"}


def test_jobs_that_are_ordered_later_are_not_meant(behind: None, alice: User, project: Project) -> None:
    first = single(project, alice)
    bulk_ask(user=alice, verb=BulkVerb.PAUSE, chosen=JobFilter())
    later = single(project, alice)
    while tend_bulk_actions():
        pass
    first.refresh_from_db()
    later.refresh_from_db()
    assert (first.state, later.state) == (JobState.PAUSED, JobState.QUEUED)


def test_what_is_left_is_counted_with_its_reason(
    alice: User, bob: User, victor: User, project: Project
) -> None:
    seeded_tasks(project, 2)
    queued(project, user=alice)
    own = single(project, bob)
    reach = bulk_reach(user=bob, verb=BulkVerb.PAUSE, chosen=JobFilter())
    assert (reach.matching, reach.able, reach.unfit, reach.foreign) == (3, 1, 0, 2)
    said = bulk_said(bulk_ask(user=bob, verb=BulkVerb.PAUSE, chosen=JobFilter()))
    assert said.startswith("Paused 1 job. 2 left as they are: Only who ordered the job")
    own.refresh_from_db()
    assert own.state == JobState.PAUSED
    again = bulk_said(bulk_ask(user=bob, verb=BulkVerb.PAUSE, chosen=JobFilter(author=bob.pk)))
    assert again == "Paused 0 jobs. 1 left as it is: its state does not let it be paused."
    assert bulk_reach(user=victor, verb=BulkVerb.PAUSE, chosen=JobFilter()).able == 0
    with pytest.raises(LabelyardError, match="Say whether labels are kept"):
        bulk_ask(user=alice, verb=BulkVerb.CANCEL, chosen=JobFilter())
    with pytest.raises(LabelyardError, match="No job matches"):
        bulk_ask(user=alice, verb=BulkVerb.PAUSE, chosen=JobFilter(search="no such title"))


def test_paused_jobs_of_a_batch_go_on_together(alice: User, project: Project) -> None:
    seeded_tasks(project, 3)
    batch = queued(project, user=alice)
    chosen = JobFilter(batch=batch.pk)
    bulk_ask(user=alice, verb=BulkVerb.PAUSE, chosen=chosen)
    assert counts(batch) == {"paused": 3}
    bulk_ask(user=alice, verb=BulkVerb.RESUME, chosen=chosen)
    assert counts(Batch.objects.get()) == {"queued": 3}
    assert set(Part.objects.values_list("state", flat=True)) == {"queued"}


def test_jobs_that_refuse_are_counted_by_their_code_and_told_by_a_sentence(
    alice: User, project: Project
) -> None:
    job = single(project, alice)
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, finished_at=Now())
    action = bulk_ask(user=alice, verb=BulkVerb.RETRY, chosen=JobFilter(task=job.task_id))
    assert action.outcome == {"refused": 1, "refused: nothing_to_retry": 1}
    assert bulk_said(action) == "Retried 0 jobs. 1 left as it is: No part of it has failed."


def test_who_asked_is_told_of_the_end_of_what_was_done_behind_the_request(
    alice: User, project: Project, behind: None
) -> None:
    seeded_tasks(project, 3)
    queued(project)
    action = bulk_ask(user=alice, verb=BulkVerb.PAUSE, chosen=JobFilter())
    assert not Notification.objects.exists()
    while tend_bulk_actions():
        pass
    told = Notification.objects.get()
    assert (told.user_id, told.bulk_action_id, told.note) == (alice.pk, action.pk, "Paused 3 jobs.")
    assert Event.objects.filter(kind="notification.made", payload__to=alice.pk).count() == 1

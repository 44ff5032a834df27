"""Jobs on pages: the table, one job, and what people do to them."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from labeling.examples import ExampleLabel
from labeling.geometry.shapes import ShapeKind
from labeling.models import (
    Job,
    JobState,
    Part,
    PartState,
    Project,
    Provenance,
    Role,
    RunChunk,
    Task,
    User,
    Worker,
)
from labeling.services.jobs import job_submit
from labeling.services.orders import DetectOrder, TrackOrder, WantedClass
from tests import factories
from tests.web.conftest import SignedIn


@pytest.fixture
def job(task: Task, bob: User, valkey: object) -> Job:
    """A job that bob ordered; nobody is there to take it."""
    instance = factories.make_instance(task=task, author=bob)
    factories.make_label(instance=instance, frame=0)
    order = TrackOrder(instances=(instance.pk,), first_frame=0, last_frame=9)
    return job_submit(user=bob, task=task, order=order).job


def act(signed_in: SignedIn, user: User, job: Job, verb: str) -> str:
    """Press a button of the job's row; return the row as it is then."""
    answer = signed_in(user).post(reverse("job-act", args=[job.pk]), {"verb": verb})
    assert answer.status_code == 200
    job.refresh_from_db()
    return answer.content.decode()


def test_a_job_without_a_worker_says_that_it_waits_for_one(signed_in: SignedIn, bob: User, job: Job) -> None:
    page = signed_in(bob).get(f"/projects/{job.project_id}/jobs/").content.decode()
    assert "Waiting for a worker" in page
    Worker.objects.create(
        name="w",
        capabilities=["cpu"],
        algorithms={"fast": {}},
        started_at=timezone.now(),
        seen_at=timezone.now(),
    )
    page = signed_in(bob).get(f"/jobs/{job.pk}/").content.decode()
    assert "Waiting for a worker" not in page
    assert ">Queued</span>" in page


def test_a_job_is_paused_resumed_and_cancelled(signed_in: SignedIn, bob: User, job: Job) -> None:
    assert "Resume" in act(signed_in, bob, job, "pause")
    assert job.state == JobState.PAUSED
    assert "Pause" in act(signed_in, bob, job, "resume")
    row = act(signed_in, bob, job, "cancel-keep")
    assert "The labels written so far stay." in row
    assert (job.state, job.cancel_keeps) == (JobState.CANCELLED, True)


def test_what_is_not_possible_is_said_in_the_row(signed_in: SignedIn, bob: User, job: Job) -> None:
    assert "so it cannot be resumed." in act(signed_in, bob, job, "resume")
    assert "A job is paused, resumed" in act(signed_in, bob, job, "explode")
    assert job.state == JobState.QUEUED


def test_an_annotator_steers_their_own_jobs_alone(
    signed_in: SignedIn, bob: User, job: Job, project: Project
) -> None:
    other = factories.make_member(project=project, username="other", role=Role.ANNOTATOR)
    assert "Only who ordered the job" in act(signed_in, other, job, "cancel-discard")
    assert job.state == JobState.QUEUED
    assert "Cancel, keep" not in signed_in(other).get(f"/jobs/{job.pk}/").content.decode()
    assert "Cancel, keep" in signed_in(bob).get(f"/jobs/{job.pk}/").content.decode()


def test_failed_parts_are_shown_with_their_reason_and_retried(
    signed_in: SignedIn, bob: User, job: Job
) -> None:
    Part.objects.filter(job=job).update(state=PartState.FAILED, error="Frame 3 cannot be read.")
    Job.objects.filter(pk=job.pk).update(
        state=JobState.FAILED, error="Frame 3 cannot be read.", finished_at=timezone.now()
    )
    page = signed_in(bob).get(f"/jobs/{job.pk}/").content.decode()
    assert page.count("Frame 3 cannot be read.") == 2
    act(signed_in, bob, job, "retry")
    assert job.state == JobState.QUEUED


def test_a_run_is_reverted_and_brought_back(signed_in: SignedIn, bob: User, job: Job) -> None:
    run_by_hand(job)
    instance = job.claims.get().instance
    assert "Removed 1 label" in act(signed_in, bob, job, "revert")
    assert not instance.labels.filter(frame=5).exists()
    assert "Brought 1 label" in act(signed_in, bob, job, "redo")
    assert instance.labels.filter(frame=5).exists()


def run_by_hand(job: Job) -> None:
    """Leave the job as a worker does that wrote one label, on frame 5."""
    from labeling.label_rows import LabelRow, rows_pack

    instance = job.claims.get().instance
    label = factories.make_label(
        instance=instance, frame=5, provenance=Provenance.TRACKED, protected=False, confidence=0.9
    )
    label.job = job
    label.save(update_fields=["job"])
    row = LabelRow(
        instance_id=instance.pk,
        frame=5,
        geometry=bytes(label.geometry or b""),
        provenance=Provenance.TRACKED,
        confidence=0.9,
        job_id=job.pk,
    )
    RunChunk.objects.create(
        job=job,
        instance=instance,
        first_frame=0,
        last_frame=9,
        written=rows_pack([row]),
        replaced=rows_pack([]),
    )
    Part.objects.filter(job=job).update(state=PartState.DONE, frames_done=10)
    job.claims.update(active=False)
    Job.objects.filter(pk=job.pk).update(
        state=JobState.SUCCEEDED, finished_at=timezone.now(), frames_done=10, labels_written=1
    )


@pytest.mark.parametrize(("state", "shown"), [("active", True), ("queued", True), ("failed", False)])
def test_the_address_narrows_the_jobs(
    signed_in: SignedIn, bob: User, job: Job, state: str, shown: bool
) -> None:
    page = signed_in(bob).get(f"/projects/{job.project_id}/jobs/?state={state}").content.decode()
    assert (f'id="job-{job.pk}"' in page) == shown


def test_the_job_page_tells_order_and_log(signed_in: SignedIn, victor: User, job: Job) -> None:
    page = signed_in(victor).get(f"/jobs/{job.pk}/").content.decode()
    assert "0 to 9, forwards" in page
    assert "queued</span>" in page


def test_a_detecting_job_says_what_it_looks_for_and_no_direction(
    signed_in: SignedIn, bob: User, task: Task, valkey: object
) -> None:
    car = factories.make_class(ontology=task.project.ontology, shape=ShapeKind.BITMASK, name="car")
    shown = factories.make_instance(task=task, author=bob)
    factories.make_label(instance=shown, frame=0)
    wanted = WantedClass(
        object_class=car.pk, examples=(ExampleLabel(instance=shown.pk, frame=0),), threshold=0.4, most=20
    )
    order = DetectOrder(classes=(wanted,), first_frame=0, last_frame=9, step=3, exclude_bitmasks=True)
    job = job_submit(user=bob, task=task, order=order).job
    Job.objects.filter(pk=job.pk).update(tally={"overlapping": 2})
    page = " ".join(signed_in(bob).get(reverse("job", args=[job.pk])).content.decode().split())
    assert f"Detect all {job.pk}" in page
    assert "<dt>Looks for</dt><dd>car, 1 example, threshold 0.4, at most 20 a frame</dd>" in page
    assert "<dt>Detector</dt><dd>similar</dd>" in page
    assert "<dt>Frames</dt><dd>0 to 9</dd>" in page
    assert "<dt>Leaves out other bitmasks</dt><dd>yes</dd>" in page
    assert "2 detections lay on labels of the same class" in page
    row = signed_in(bob).get(reverse("job-row", args=[job.pk])).content.decode()
    assert "9 · car · similar" in row
    assert "forwards" not in row


def test_a_job_that_ended_is_run_again_with_changes_once(signed_in: SignedIn, bob: User, job: Job) -> None:
    address, client = reverse("job-act", args=[job.pk]), signed_in(bob)
    assert "Run again" not in client.get(f"/jobs/{job.pk}/").content.decode()
    act(signed_in, bob, job, "cancel-keep")
    page = client.get(f"/jobs/{job.pk}/").content.decode()
    assert 'name="again-last_frame" value="9"' in page
    told = {"verb": "again", "key": "k", "again-first_frame": 0, "again-last_frame": 4, "again-interval": 3}
    told |= {"again-algorithm": "fast", "again-priority": 0.9}
    assert "Priority, 0 to 1: " in client.post(address, told | {"again-priority": 7}).content.decode()
    answers = [client.post(address, told) for _ in "12"]
    again = Job.objects.exclude(pk=job.pk).get()
    assert [one.headers["HX-Redirect"] for one in answers] == [f"/jobs/{again.pk}/"] * 2
    assert (again.last_frame, again.parameters["interval"], again.priority) == (4, 3, 0.9)

"""Every kind of the catalogue is written by the service that it tells of."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from rest_framework.test import APIClient

from labeling.models import (
    Edit,
    Event,
    Instance,
    Job,
    Media,
    MediaState,
    Part,
    PartState,
    Project,
    Stage,
    Task,
    User,
)
from labeling.services.comments import comment_change, comment_make
from labeling.services.edits.turning import edit_redo, edit_undo
from labeling.services.job_states import job_cancel, job_pause, job_resume, job_retry
from labeling.services.labels import label_put
from labeling.services.projects import project_create, project_update
from labeling.services.reviews import review_decide
from labeling.services.runs import job_redo, job_revert
from labeling.services.tasks import task_create, task_submit, task_update
from labeling.webhooks.catalogue import KINDS, public_kind
from tests.engine.batching import queued, seeded_tasks
from tests.engine.ordering import boxes, claimed, finished_run, seeded_instance, track, write
from workers.probing import probe_next
from workers.reaper import reap
from workers.writer import part_fail, progress

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

BOX = {"left": 10, "top": 20, "width": 30, "height": 40}


@pytest.fixture(autouse=True)
def scripted(settings: object) -> None:
    settings.SCRIPTED_BACKEND = True  # type: ignore[attr-defined]


TOLD_HERE = {"project", "task", "job", "labels", "review", "issue", "media", "batch"}
# Tested where they happen: tests/api/test_agents.py, tests/engine/test_bucket_exports.py.
TOLD_ELSEWHERE = {"agent", "export"}
# Of media that stay in a bucket: tests/engine/test_listing.py.
OF_BUCKETS = {"media.changed", "media.vanished"}


def test_no_noun_of_the_catalogue_is_left_out() -> None:
    assert {kind.noun for kind in KINDS.values()} == TOLD_HERE | TOLD_ELSEWHERE


def told() -> set[str]:
    rows = Event.objects.values_list("kind", "payload")
    return {name for kind, payload in rows if (name := public_kind(kind, payload)) is not None}


def data_of(name: str) -> list[dict[str, object]]:
    rows = Event.objects.order_by("pk").values_list("kind", "payload")
    return [payload for kind, payload in rows if public_kind(kind, payload) == name]


def of_noun(noun: str) -> set[str]:
    return {name for name in KINDS if name.startswith(f"{noun}.")}


def test_projects(alice: User, project: Project) -> None:
    project_update(project=project, guide="Look twice.")
    project_create(user=alice, name="Another", ontology=project.ontology_id)
    assert of_noun("project") <= told()


def test_tasks(media: Media, alice: User, bob: User) -> None:
    task = task_create(user=alice, media=media, assignee=bob)
    task_update(user=alice, task=task, assignee=alice)
    task_submit(user=alice, task=task)
    assert of_noun("task") <= told()
    assert [one["assignee"] for one in data_of("task.assigned")] == ["bob", "alice", None]
    assert data_of("task.stage_changed")[0]["to"] == Stage.REVIEW


def test_jobs(task: Task, alice: User) -> None:
    done = finished_run(task, seeded_instance(task))
    job_revert(job=done, user=alice)
    done.refresh_from_db()
    job_redo(job=done, user=alice)
    paused = job_pause(job=track(task, seeded_instance(task)))
    job_resume(job=paused)
    job_cancel(job=paused, keep=True)
    failed = track(task, seeded_instance(task))
    part_fail(lease=claimed(), code="broken", sentence="It broke.")
    failed.refresh_from_db()
    job_retry(job=failed)
    car = Instance.objects.get(job_claims__job=failed)
    lease = claimed()
    write(lease, task, boxes(car, range(1, 6)), position=5)
    part_fail(lease=lease, code="broken", sentence="It broke.")
    assert of_noun("job") <= told()
    assert data_of("job.failed")[0]["error"] == {"code": "broken", "sentence": "It broke."}
    assert data_of("job.queued")[-1]["retried"] is True


@pytest.mark.parametrize(("total", "samples"), [(200, 20), (1000, 20), (7, 7)])
def test_of_progress_twenty_samples_are_told_however_many_commits_there_are(total: int, samples: int) -> None:
    job = Job(frames_total=total)
    told = 0
    for done in range(1, total + 1):
        job.frames_done = done
        told += public_kind("job.progress", progress(job, frames=1)) is not None
    assert told == samples


def test_labels(task: Task, alice: User) -> None:
    car = seeded_instance(task)
    label_put(user=alice, instance=car, frame=5, shape_json=BOX)
    edit_undo(user=alice, edit=Edit.objects.get(task=task))
    job = finished_run(task, car)
    job_revert(job=job, user=alice)
    edit, undo, run, revert = data_of("labels.changed")
    assert (edit["cause"], edit["frames"], edit["provenance"]) == ("edit", [[5, 5]], ["manual"])
    assert (undo["cause"], undo["frames"], undo["provenance"]) == ("undo", [[5, 5]], [])
    assert (run["cause"], run["frames"], run["provenance"], run["by"]) == ("run", [[1, 9]], ["tracked"], None)
    assert (revert["cause"], revert["by"]) == ("revert", "alice")
    assert all(one["instances"] == [car.pk] for one in data_of("labels.changed"))


def test_reviews_and_issues(task: Task, rita: User) -> None:
    car = seeded_instance(task)
    for decision in ("accepted", "rejected", "cleared"):
        review_decide(user=rita, instance=car, first_frame=0, last_frame=9, decision=decision)
    comment = comment_make(user=rita, task=task, text="Look here.")
    comment_make(user=rita, task=task, text="A reply.", parent_id=comment.pk)
    comment_change(user=rita, comment=comment, text="Look there.")
    comment_change(user=rita, comment=comment, resolved=True)
    comment_change(user=rita, comment=comment, resolved=False)
    assert of_noun("review") | of_noun("issue") <= told()
    assert [one.get("settled") for one in data_of("issue.opened")] == [None, "reopened"]
    assert len(data_of("issue.resolved")) == 1


def test_undo_of_a_decision_tells_what_holds_then(task: Task, rita: User) -> None:
    car = seeded_instance(task)
    review_decide(user=rita, instance=car, first_frame=0, last_frame=9, decision="rejected", reason="Off.")
    review_decide(user=rita, instance=car, first_frame=5, last_frame=14, decision="accepted")
    later = Edit.objects.filter(task=task).latest("pk")
    begun = Event.objects.latest("pk").pk
    edit_undo(user=rita, edit=later)
    edit_redo(user=rita, edit=Edit.objects.get(pk=later.pk))
    rows = Event.objects.filter(pk__gt=begun, kind__startswith="review.").order_by("pk")
    told = [
        (
            row.kind,
            row.payload["first_frame"],
            row.payload["last_frame"],
            row.payload["reason"],
            row.payload["cause"],
        )
        for row in rows
    ]
    assert told == [
        ("review.rejected", 5, 9, "Off.", "undo"),
        ("review.cleared", 10, 14, "", "undo"),
        ("review.accepted", 5, 14, "", "redo"),
    ]


def test_media(project: Project, alice: User, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    Image.new("RGB", (32, 16)).save(picture)
    nothing = tmp_path / "nothing.png"
    nothing.write_bytes(b"no picture at all")
    client = APIClient()
    client.force_login(alice)
    for path in (picture, nothing):
        with path.open("rb") as file:
            client.post(f"/api/v1/projects/{project.pk}/media/", {"file": file}, format="multipart")
    while probe_next():
        pass
    assert of_noun("media") - OF_BUCKETS <= told()


def test_a_media_that_kills_its_readers_has_failed(media: Media) -> None:
    Media.objects.filter(pk=media.pk).update(
        state=MediaState.PROBING, lease_expires_at="2026-01-01T00:00Z", losses=1000
    )
    reap()
    assert data_of("media.failed")[0]["code"] == "worker_lost"


def test_batches(project: Project) -> None:
    seeded_tasks(project, 1)
    batch = queued(project)
    lease = claimed()
    part = Part.objects.get(pk=lease.part_id)
    write(lease, part.job.task, [], position=9, ends=PartState.DONE)
    assert of_noun("batch") <= told()
    assert data_of("batch.finished")[0]["batch"] == batch.pk

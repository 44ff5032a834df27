"""Bad input: each line gets a clear error, and nothing is lost."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.geometry.shapes import ShapeKind
from labeling.models import (
    AttributeAnswer,
    AttributeDefinition,
    ClassificationAnswer,
    Instance,
    Job,
    Label,
    Media,
    Member,
    ObjectClass,
    Ontology,
    Part,
    Project,
    ReviewDecision,
    Stage,
    Task,
    TaskChange,
    User,
    Worker,
)
from tests import factories
from tests.api.things import BOX, error_of, make_job
from tests.servers import S3Server
from workers.probing import probe_next

KEPT: tuple[type[Model], ...] = (
    AttributeAnswer, ClassificationAnswer, Instance, Job, Label, Media, Member, ObjectClass, Ontology, Part,
    Project, ReviewDecision, Task, TaskChange,
)  # fmt: skip


@dataclass
class World:
    """Somebody at work in a project, and what they work on."""

    client: APIClient
    user: User
    task: Task
    instance: Instance
    # An instance without labels of each kind of shape, and a class of another project.
    of_shape: dict[ShapeKind, Instance]
    foreign_class: ObjectClass

    def draw(
        self, shape: object, *, of: ShapeKind | None = None, frame: int = 20, version: int | None = None
    ) -> Any:
        instance = self.of_shape[of] if of else self.instance
        return self.client.put(
            f"/api/v1/instances/{instance.pk}/labels/{frame}/",
            {"shape": shape},
            format="json",
            headers={} if version is None else {"if-match": str(version)},
        )

    def draw_text(self, body: str) -> Any:
        """Send JSON that is not quite JSON."""
        address = f"/api/v1/instances/{self.instance.pk}/labels/20/"
        return self.client.put(address, body, content_type="application/json")

    def order(self, **changes: object) -> Any:
        body = {"instances": [self.instance.pk], "first_frame": 10, "last_frame": 39, **changes}
        return self.client.post(f"/api/v1/tasks/{self.task.pk}/jobs/", body, format="json")

    def upload(self, data: bytes, name: str = "clip.mp4") -> Any:
        return self.client.post(
            f"/api/v1/projects/{self.task.project_id}/media/",
            {"file": SimpleUploadedFile(name, data)},
            format="multipart",
        )


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows that a person could lose."""
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in KEPT}


@pytest.fixture
def world(alice: User, alice_client: APIClient, task: Task, instance: Instance) -> World:
    return World(
        client=alice_client,
        user=alice,
        task=task,
        instance=instance,
        of_shape={shape: factories.make_instance(task=task, shape=shape) for shape in ShapeKind},
        foreign_class=factories.make_class(ontology=factories.make_ontology(), shape=ShapeKind.BOUNDING_BOX),
    )


# What is done before, so that the request goes wrong. Each is a person's or a job's doing.


def nothing(world: World) -> None:
    pass


def completed(world: World) -> None:
    Task.objects.filter(pk=world.task.pk).update(stage=Stage.COMPLETE)


def job_running(world: World) -> None:
    make_job(instance=world.instance, user=world.user)


def worker_of_boxes(world: World) -> None:
    """A worker that offers a tracker of boxes alone."""
    Worker.objects.create(
        name="narrow",
        capabilities=["gpu"],
        algorithms={"boxes": {"capability": "gpu", "shapes": ["bounding_box"]}},
        started_at=timezone.now(),
        seen_at=timezone.now(),
    )


def definition(name: str) -> int:
    return AttributeDefinition.objects.filter(name=name).order_by("pk")[0].pk


POLYGON, BITMASK, SKELETON = ShapeKind.POLYGON, ShapeKind.BITMASK, ShapeKind.SKELETON
TWO_POINTS = {"polygons": [[[[1, 1], [9, 9]]]]}
# Six pixels of counts, for a crop of four.
WRONG_MASK = {"left": 0, "top": 0, "width": 2, "height": 2, "counts": "06"}
FAR_MASK = {"left": 639, "top": 0, "width": 2, "height": 2, "counts": "04"}
ONE_VERTEX = {"vertices": [{"x": 1, "y": 1, "visibility": "visible"}]}

Ask = Callable[[World], Any]
LINES: list[tuple[str, Callable[[World], None], Ask, int, str]] = [
    ("a frame past the end", nothing, lambda w: w.draw(BOX, frame=100), 422, "frame_out_of_range"),
    ("a frame that is no number", nothing,
     lambda w: w.client.get(f"/api/v1/tasks/{w.task.pk}/labels/", {"first": "ten"}), 400, "invalid"),
    ("a window that ends before it starts", nothing,
     lambda w: w.client.get(f"/api/v1/tasks/{w.task.pk}/labels/", {"first": 9, "last": 3}),
     422, "range_reversed"),
    ("a window without end", nothing,
     lambda w: w.client.get(f"/api/v1/tasks/{w.task.pk}/labels/", {"first": 0, "last": 2**31 - 1}),
     422, "window_too_long"),
    ("a range that ends before it starts", nothing,
     lambda w: w.order(first_frame=39, last_frame=10), 422, "range_reversed"),
    ("a range outside the task", nothing, lambda w: w.order(last_frame=100), 422, "frame_out_of_range"),
    ("a segment outside the media", nothing,
     lambda w: w.client.post(f"/api/v1/projects/{w.task.project_id}/tasks/",
                             {"media": w.task.media_id, "first_frame": 90, "last_frame": 120}, format="json"),
     422, "frame_out_of_range"),
    ("a review that ends before it starts", nothing,
     lambda w: w.client.post(f"/api/v1/tasks/{w.task.pk}/reviews/",
                             {"instance": w.instance.pk, "first_frame": 9, "last_frame": 3,
                              "decision": "accepted"}, format="json"), 422, "range_reversed"),
    ("a class of another project", nothing,
     lambda w: w.client.post(f"/api/v1/tasks/{w.task.pk}/instances/",
                             {"object_class": w.foreign_class.pk}, format="json"), 422, "foreign_class"),
    ("an attribute of another class", nothing,
     lambda w: w.client.put(f"/api/v1/instances/{w.instance.pk}/answers/",
                            {"definition": definition("sky"), "value": "clear"}, format="json"),
     422, "foreign_attribute"),
    ("an answer that is no option", nothing,
     lambda w: w.client.put(f"/api/v1/instances/{w.instance.pk}/answers/",
                            {"definition": definition("kind"), "value": "boat"}, format="json"),
     422, "invalid_answer"),
    ("a polygon of two points", nothing,
     lambda w: w.draw(TWO_POINTS, of=POLYGON), 422, "invalid_shape"),
    ("a NaN", nothing,
     lambda w: w.draw_text('{"shape": {"left": NaN, "top": 1, "width": 5, "height": 5}}'), 400, "malformed"),
    ("a number beyond all numbers", nothing,
     lambda w: w.draw_text('{"shape": {"left": 1e999, "top": 1, "width": 5, "height": 5}}'),
     422, "invalid_shape"),
    ("a box outside the frame", nothing, lambda w: w.draw({**BOX, "left": 700}), 422, "invalid_shape"),
    ("a box that reaches out of the frame", nothing,
     lambda w: w.draw({**BOX, "left": 620}), 422, "invalid_shape"),
    ("a box without area", nothing, lambda w: w.draw({**BOX, "width": 0}), 422, "invalid_shape"),
    ("a box for a polygon's class", nothing,
     lambda w: w.draw(BOX, of=POLYGON), 422, "invalid_shape"),
    ("a shape that is a list", nothing, lambda w: w.draw([1, 2, 3]), 400, "invalid"),
    ("a shape that is null", nothing, lambda w: w.draw(None), 400, "invalid"),
    ("a mask of the wrong size", nothing,
     lambda w: w.draw(WRONG_MASK, of=BITMASK), 422, "invalid_shape"),
    ("a mask outside the frame", nothing,
     lambda w: w.draw(FAR_MASK, of=BITMASK), 422, "invalid_shape"),
    ("a skeleton with vertices missing", nothing,
     lambda w: w.draw(ONE_VERTEX, of=SKELETON), 422, "invalid_shape"),
    ("a stale version", nothing, lambda w: w.draw(BOX, frame=10, version=7), 409, "stale_version"),
    ("a version that is no number", nothing,
     lambda w: w.client.put(f"/api/v1/instances/{w.instance.pk}/labels/20/", {"shape": BOX}, format="json",
                            headers={"if-match": "newest"}), 400, "invalid_if_match"),
    ("a second job on the same instances and range", job_running, lambda w: w.order(), 409, "job_overlaps"),
    ("a job on a complete task", completed, lambda w: w.order(), 409, "task_complete"),
    ("a label in a complete task", completed, lambda w: w.draw(BOX), 409, "task_complete"),
    ("a job on an instance of another task", nothing,
     lambda w: w.order(instances=[999_999]), 422, "unknown_instance"),
    ("a job on no instance", nothing, lambda w: w.order(instances=[]), 422, "no_instances"),
    ("a job with nothing to track from", nothing,
     lambda w: w.order(instances=[w.of_shape[POLYGON].pk]), 422, "nothing_to_track"),
    ("a model that no worker has", nothing, lambda w: w.order(algorithm="sam2"), 422, "unknown_algorithm"),
    ("a shape that the algorithm cannot track", worker_of_boxes,
     lambda w: w.order(instances=[w.of_shape[SKELETON].pk], algorithm="boxes"), 422, "shape_not_trackable"),
    ("a field that is misspelt", nothing, lambda w: w.order(prioritty=1), 400, "invalid"),
    ("a body that is no JSON", nothing, lambda w: w.draw_text("{"), 400, "malformed"),
    ("a body of brackets", nothing, lambda w: w.draw_text("[" * 200_000), 400, "malformed"),
    ("a body that is a list", nothing, lambda w: w.draw_text("[]"), 400, "invalid"),
    ("a body of another type", nothing,
     lambda w: w.client.put(f"/api/v1/instances/{w.instance.pk}/labels/20/", "shape=1",
                            content_type="application/x-www-form-urlencoded"), 415, "unsupported_media_type"),
    ("a method that is not there", nothing,
     lambda w: w.client.post(f"/api/v1/tasks/{w.task.pk}/", {}, format="json"), 405, "method_not_allowed"),
    ("an address that is not there", nothing,
     lambda w: w.client.get("/api/v1/taskz/"), 404, "no_such_address"),
    ("a number too large for any row", nothing,
     lambda w: w.client.get(f"/api/v1/tasks/{10**30}/"), 404, "not_found"),
    ("a cursor that is none", nothing,
     lambda w: w.client.get("/api/v1/projects/", {"cursor": "first"}), 400, "invalid"),
    ("a page without end", nothing,
     lambda w: w.client.get("/api/v1/projects/", {"limit": 10**6}), 400, "invalid"),
    ("an empty file", nothing, lambda w: w.upload(b""), 422, "file_empty"),
    ("an upload without a file", nothing,
     lambda w: w.client.post(f"/api/v1/projects/{w.task.project_id}/media/", {}, format="multipart"),
     400, "invalid"),
    ("a name with a NUL in it", nothing,
     lambda w: w.client.patch(f"/api/v1/tasks/{w.task.pk}/", {"title": "a\x00b"}, format="json"),
     400, "invalid"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "ask", "status", "code"), [line[1:] for line in LINES], ids=[line[0] for line in LINES]
)
def test_bad_input_is_refused_and_nothing_is_lost(
    world: World, before: Callable[[World], None], ask: Ask, status: int, code: str
) -> None:
    before(world)
    rows = everything()
    answer = ask(world)
    error = error_of(answer)
    assert (answer.status_code, error["code"]) == (status, code), error
    assert error["sentence"].endswith((".", "?", "!")), error["sentence"]
    assert everything() == rows


def test_the_second_job_names_the_first(world: World) -> None:
    first = make_job(instance=world.instance, user=world.user)
    assert error_of(world.order())["details"] == {"job": first.pk}
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("clip.mp4", b"This is no film, it says what it is."),
        ("clip.mp4", bytes(4000)),
        ("a.png", b"\x89PNG\r\n"),
    ],
    ids=["text named mp4", "zeros named mp4", "a cut png"],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_when_it_is_read(
    world: World, name: str, data: bytes
) -> None:
    before = everything()
    uploaded = world.upload(data, name)
    assert uploaded.status_code == 201
    assert probe_next()
    shown = world.client.get(f"/api/v1/media/{uploaded.json()['id']}/").json()
    assert shown["state"] == "failed"
    assert shown["error_code"]
    assert shown["error"].endswith(".")
    after = everything()
    assert after["Media"][:-1] == before["Media"]
    assert after["Task"] == before["Task"]


def test_a_full_disk_refuses_the_upload_and_keeps_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A device that is full whatever is written to it.
    monkeypatch.setattr(tempfile, "mkstemp", lambda **_: (os.open("/dev/full", os.O_WRONLY), "/nowhere"))
    before = everything()
    answer = world.upload(bytes(300_000))
    assert (answer.status_code, error_of(answer)["code"]) == (507, "disk_full")
    assert everything() == before


@pytest.mark.s3
def test_a_bucket_that_denies_refuses_the_upload(
    world: World, nanio_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    for name, value in {
        "STORAGE": "s3",
        "S3_BUCKET": "somebody-elses",
        "S3_ENDPOINT": nanio_server.endpoint,
        "S3_REGION": nanio_server.region,
        "S3_PATH_STYLE": True,
        "S3_ACCESS_KEY": nanio_server.access_key,
        "S3_SECRET_KEY": "not the secret",
    }.items():
        monkeypatch.setattr(settings, name, value)
    before = everything()
    answer = world.upload(b"some bytes")
    assert (answer.status_code, error_of(answer)["code"]) == (502, "storage_denied")
    assert everything() == before

"""``prompts/``: each thing that cannot be clicked or segmented is refused with its sentence."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from labeling.geometry.shapes import ShapeKind
from labeling.lane.store import store
from labeling.media import sniff
from labeling.models import Media, MediaKind, MediaState, Stage, Task
from labeling.stack.ports import free_port
from tests import factories
from tests.api.things import error_of

pytestmark = pytest.mark.django_db

POINT = {"x": 20, "y": 30}


@pytest.fixture
def queue_away(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Nobody listens where the queue should be."""
    monkeypatch.setattr(settings, "REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
    store.cache_clear()
    yield
    store.cache_clear()


def body(task: Task, shape: ShapeKind = ShapeKind.POLYGON, **told: Any) -> dict[str, Any]:
    object_class = factories.class_of(ontology=task.project.ontology, shape=shape).pk
    given = {"draft_id": "d1", "seq": 1, "frame": 3, "object_class": object_class, "points": [POINT]}
    return {name: value for name, value in {**given, **told}.items() if value is not None}


def sent(client: APIClient, task: Task, told: dict[str, Any], *, status: int = 422) -> dict[str, Any]:
    answer = client.post(f"/api/v1/tasks/{task.pk}/prompts/", told, format="json")
    assert answer.status_code == status, answer.content
    return error_of(answer)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"points": [{"x": 641, "y": 5}]}, "point_outside"),
        ({"points": [POINT, {"x": -0.1, "y": 5, "include": False}]}, "point_outside"),
        ({"points": [{**POINT, "include": False}]}, "nothing_included"),
        ({"points": []}, "nothing_included"),
        ({"points": [], "box": {"left": 600, "top": 0, "width": 100, "height": 10}}, "invalid_shape"),
        ({"box": {"left": 1, "top": 1, "width": 0, "height": 5}}, "invalid_shape"),
        ({"box": {"left": 1}}, "invalid_shape"),
        ({"frame": 100}, "frame_out_of_range"),
    ],
)
def test_clicks_that_mean_nothing_are_refused(
    bob_client: APIClient, task: Task, told: dict[str, Any], code: str
) -> None:
    assert sent(bob_client, task, body(task, **told))["code"] == code


def test_not_a_number_is_no_point(bob_client: APIClient, task: Task) -> None:
    told = body(task, points=[{"x": "nan", "y": 3}])
    assert sent(bob_client, task, told, status=400)["code"] == "invalid"


@pytest.mark.parametrize(
    "told",
    [
        {"threshold": 1.1},
        {"threshold": "nan"},
        {"most": 0},
        {"most": 1001},
        {"min_area": -1},
        {"tolerance": "inf"},
        {"mode": "several"},
        {"words": "x" * 201},
        {"examples": [{"instance": 1, "frame": 0}] * 4},
        {"examples": [{"instance": 1}]},
        {"example": []},
    ],
)
def test_what_is_out_of_bounds_is_invalid(bob_client: APIClient, task: Task, told: dict[str, Any]) -> None:
    given = body(task, mode="all", words="car", points=None) | told
    error = sent(bob_client, task, given, status=400)
    assert error["code"] == "invalid"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"mode": "all", "words": "car"}, "prompt_misfit"),
        ({"mode": "all", "words": " ", "points": None}, "empty_words"),
        ({"mode": "area", "points": None}, "no_area"),
        ({"mode": "all", "points": None, "frame": 100}, "frame_out_of_range"),
    ],
)
def test_what_means_nothing_for_several_objects_is_refused(
    bob_client: APIClient, task: Task, told: dict[str, Any], code: str
) -> None:
    assert sent(bob_client, task, body(task, **told))["code"] == code


def test_a_label_of_another_task_is_no_example(bob_client: APIClient, task: Task, media: Media) -> None:
    other = factories.make_instance(task=factories.make_task(media=media))
    factories.make_label(instance=other, frame=3)
    examples = [{"instance": other.pk, "frame": 3}]
    assert (
        sent(bob_client, task, body(task, mode="all", points=None, examples=examples))["code"]
        == "example_gone"
    )


@pytest.mark.parametrize(
    ("shape", "name"),
    [
        (ShapeKind.KEYPOINT, "keypoint"),
        (ShapeKind.POLYLINE, "polyline"),
        (ShapeKind.SKELETON, "object primitive"),
    ],
)
def test_a_shape_without_an_area_is_refused_by_name(
    bob_client: APIClient, task: Task, shape: ShapeKind, name: str
) -> None:
    error = sent(bob_client, task, body(task, shape))
    assert error["code"] == "shape_not_segmentable"
    assert name in error["sentence"]
    instance = factories.make_instance(task=task, shape=shape)
    told = body(task, object_class=None, instance=instance.pk)
    assert sent(bob_client, task, told)["code"] == "shape_not_segmentable"


@pytest.mark.parametrize(
    ("form", "noun"),
    [
        (sniff.MP3, "an audio file"),
        (sniff.WAV, "an audio file"),
        (sniff.TEXT, "a text"),
        (sniff.HTML, "an HTML page"),
        (sniff.PDF, "a PDF document"),
    ],
    ids=lambda told: getattr(told, "code", ""),
)
def test_opaque_media_are_refused_by_name(
    bob_client: APIClient, media: Media, task: Task, form: sniff.FileForm, noun: str
) -> None:
    Media.objects.filter(pk=media.pk).update(kind=MediaKind.OPAQUE, mime_type=form.mime_type)
    refusal = {
        "code": "media_not_segmentable",
        "sentence": f"{noun[0].upper()}{noun[1:]} cannot be segmented: it has no pictures.",
    }
    assert sent(bob_client, task, body(task)).items() >= refusal.items()
    answer = bob_client.post(f"/api/v1/tasks/{task.pk}/prompts/warm/", {"frames": [0]}, format="json")
    assert error_of(answer).items() >= refusal.items()
    order = {"kind": "track", "instances": [factories.make_instance(task=task).pk], "last_frame": 9}
    answer = bob_client.post(f"/api/v1/tasks/{task.pk}/jobs/", {**order, "first_frame": 0}, format="json")
    assert error_of(answer)["sentence"] == f"Objects cannot be tracked in {noun}."


@pytest.mark.usefixtures("queue_away")
def test_an_archived_class_takes_clicks_for_its_objects_only(bob_client: APIClient, task: Task) -> None:
    instance = factories.make_instance(task=task, shape=ShapeKind.POLYGON)
    instance.object_class.archived = True
    instance.object_class.save()
    assert sent(bob_client, task, body(task))["code"] == "class_archived"
    # Taken, and then the queue is away.
    told = body(task, object_class=None, instance=instance.pk)
    assert sent(bob_client, task, told, status=503)["code"] == "lane_closed"


def test_media_that_are_not_read_yet_are_refused(bob_client: APIClient, media: Media, task: Task) -> None:
    Media.objects.filter(pk=media.pk).update(state=MediaState.REGISTERED)
    assert sent(bob_client, task, body(task), status=409)["code"] == "media_not_ready"


def test_a_class_of_another_project_is_refused(bob_client: APIClient, task: Task) -> None:
    foreign = factories.make_ontology(name="Other").classes.all()[0].pk
    assert sent(bob_client, task, body(task, object_class=foreign))["code"] == "foreign_class"


def test_an_instance_of_another_task_is_not_found(bob_client: APIClient, task: Task, media: Media) -> None:
    other = factories.make_instance(task=factories.make_task(media=media))
    sent(bob_client, task, body(task, object_class=None, instance=other.pk), status=404)


def test_either_a_class_or_an_instance_is_named(bob_client: APIClient, task: Task) -> None:
    instance = factories.make_instance(task=task)
    sent(bob_client, task, body(task, instance=instance.pk), status=400)
    sent(bob_client, task, body(task, object_class=None), status=400)


def test_who_may_not_change_labels_may_not_click(
    bob_client: APIClient, rita_client: APIClient, victor_client: APIClient, task: Task
) -> None:
    sent(victor_client, task, body(task), status=403)
    Task.objects.filter(pk=task.pk).update(stage=Stage.REVIEW)
    sent(bob_client, task, body(task), status=403)
    Task.objects.filter(pk=task.pk).update(stage=Stage.COMPLETE)
    assert sent(rita_client, task, body(task), status=409)["code"] == "task_complete"


def test_a_queue_that_is_away_is_said_and_keeps_the_clicks(
    bob_client: APIClient, task: Task, queue_away: None
) -> None:
    error = sent(bob_client, task, body(task), status=503)
    assert error["code"] == "lane_closed"
    assert "kept" in error["sentence"]


def test_frames_beyond_the_task_are_not_warmed(bob_client: APIClient, task: Task) -> None:
    answer = bob_client.post(f"/api/v1/tasks/{task.pk}/prompts/warm/", {"frames": [99, 100]}, format="json")
    assert answer.status_code == 422
    assert error_of(answer)["code"] == "frame_out_of_range"

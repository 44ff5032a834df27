"""``exclude_bitmasks``: what is stored is what is answered, and refusals have a sentence."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from rest_framework.test import APIClient

from labeling.geometry.rle import rle_decode
from labeling.geometry.shapes import Bitmask, ShapeKind
from labeling.models import Instance, Label, Task
from tests import factories
from tests.api.things import BOX, error_of

pytestmark = pytest.mark.engine

# Six pixels by two, all set, in COCO's counts: no pixel outside, then twelve inside.
BAR = {"left": 10, "top": 20, "width": 6, "height": 2, "counts": "0<"}
STANDING = Bitmask(8, 18, 4, 9, b"0T1")


@pytest.fixture
def masked(task: Task) -> Instance:
    """An object that is drawn with bitmasks, beside one that covers the first two columns of ``BAR``."""
    other = factories.make_instance(task=task, shape=ShapeKind.BITMASK)
    factories.make_label(instance=other, frame=3, shape=STANDING)
    return factories.make_instance(task=task, shape=ShapeKind.BITMASK)


def put(client: APIClient, instance: Instance, shape: dict[str, Any]) -> Any:
    body = {"shape": shape, "exclude_bitmasks": True}
    return client.put(f"/api/v1/instances/{instance.pk}/labels/3/", body, format="json")


def send(client: APIClient, instance: Instance, shape: dict[str, Any]) -> Any:
    told = {
        "op": "label.put",
        "instance": instance.object_hash,
        "frame": 3,
        "shape": shape,
        "exclude_bitmasks": True,
    }
    body = {"key": str(uuid.uuid4()), "title": "Draw", "operations": [told]}
    return client.post(f"/api/v1/tasks/{instance.task_id}/edits/", body, format="json")


def test_the_pixels_of_the_tests_are_what_they_say() -> None:
    assert rle_decode(BAR["counts"].encode(), width=6, height=2).all()  # type: ignore[attr-defined]
    assert rle_decode(STANDING.counts, width=4, height=9).all()


def test_one_label_is_answered_as_it_is_stored(bob_client: APIClient, masked: Instance) -> None:
    answer = put(bob_client, masked, BAR)
    assert answer.status_code == 200, answer.json()
    shape = answer.json()["shape"]
    assert {name: shape[name] for name in BOX} == {"left": 12, "top": 20, "width": 4, "height": 2}


def test_an_edit_answers_the_shape_that_is_stored(bob_client: APIClient, masked: Instance) -> None:
    answer = send(bob_client, masked, BAR)
    assert answer.status_code == 201, answer.json()
    (label,) = answer.json()["labels"]
    assert {name: label["shape"][name] for name in BOX} == {"left": 12, "top": 20, "width": 4, "height": 2}


@pytest.mark.parametrize("way", [put, send])
def test_nothing_left_is_refused(bob_client: APIClient, masked: Instance, way: Any) -> None:
    answer = way(bob_client, masked, {**BAR, "left": 9, "width": 2, "height": 6})
    assert (answer.status_code, error_of(answer)["code"]) == (422, "nothing_left")
    assert not Label.objects.filter(instance=masked).exists()


def test_what_is_skipped_is_answered(bob_client: APIClient, masked: Instance) -> None:
    covered, free = {**BAR, "left": 9, "width": 2, "height": 6}, {**BAR, "left": 60}
    told = {"op": "label.put", "frame": 3, "exclude_bitmasks": True, "skip_covered": True}
    make = {"op": "instance.create", "object_class": masked.object_class_id}
    operations = [
        {**operation, "instance": name, **more}
        for name, shape in (("covered1", covered), ("free1111", free))
        for operation, more in ((make, {}), (told, {"shape": shape}))
    ]
    body = {"key": str(uuid.uuid4()), "title": "Detect", "operations": operations}
    address = f"/api/v1/tasks/{masked.task_id}/edits/"
    first, again = (bob_client.post(address, body, format="json") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200), first.json()
    for answer in (first.json(), again.json()):
        assert answer["skipped"] == [{"instance": "covered1", "frame": 3}]
        assert [one["object_hash"] for one in answer["instances"]] == ["free1111"]


@pytest.mark.parametrize("way", [put, send])
def test_a_box_leaves_nothing_out(bob_client: APIClient, instance: Instance, way: Any) -> None:
    error = error_of(way(bob_client, instance, BOX))
    assert error["code"] == "bitmasks_only"
    assert "bounding box" in error["sentence"]

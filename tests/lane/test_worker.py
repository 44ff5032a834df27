"""Clicks by the API, answered by a real worker process through a real queue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen
from typing import Any

import numpy as np
import pytest
from rest_framework.test import APIClient

from labeling.geometry.masks import shape_to_mask
from labeling.geometry.raster import box_fill
from labeling.geometry.shapes import Box, ShapeKind
from labeling.geometry.wire import shape_from_json
from labeling.lane.live import live_workers
from labeling.lane.store import store
from labeling.models import Edit, Instance, Label, Task, TaskChange
from tests.conftest import child_environment
from tests.factories import class_of, make_instance, make_label
from tests.lane.desks import worker_running
from tests.servers import ValkeyServer
from tests.waiting import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]

BOX = {"left": 10, "top": 20, "width": 30, "height": 40}
AREAS = [
    ShapeKind.BOUNDING_BOX,
    ShapeKind.ROTATABLE_BOUNDING_BOX,
    ShapeKind.POLYGON,
    ShapeKind.BITMASK,
]


@pytest.fixture(scope="module")
def worker(
    django_db_setup: None,
    valkey: ValkeyServer,
    data_dir: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Popen[bytes]]:
    """A worker that the tests of this file share; it reads the database only."""
    with worker_running(child_environment(valkey, data_dir), tmp_path_factory.mktemp("worker")) as child:
        yield child


def body(task: Task, shape: ShapeKind = ShapeKind.BITMASK, **told: Any) -> dict[str, Any]:
    object_class = class_of(ontology=task.project.ontology, shape=shape).pk
    return {
        "draft_id": f"draft-{shape.value}",
        "seq": 1,
        "frame": 3,
        "object_class": object_class,
        "clicker": "scripted",
        **told,
    }


def answer_of(client: APIClient, task: Task, told: dict[str, Any]) -> dict[str, Any]:
    """Send a prompt, and follow it until it has ended."""
    address = f"/api/v1/tasks/{task.pk}/prompts/"
    answer = client.post(address, told, format="json")
    found: list[Any] = [answer]

    def ended() -> bool:
        if found[-1].status_code == 202:
            found.append(client.get(f"{address}{answer.json()['id']}/?wait=1"))
        return bool(found[-1].status_code != 202)

    until(ended, seconds=60, what="the answer")
    assert found[-1].status_code == 200, found[-1].content
    return {**answer.json(), **found[-1].json()}


def test_a_box_becomes_a_shape_of_each_class(clip: Task, bob_client: APIClient, worker: Popen[bytes]) -> None:
    width, height = clip.media.width or 0, clip.media.height or 0
    wanted = box_fill(Box(10, 20, 30, 40), width=width, height=height)
    for kind in AREAS:
        answer = answer_of(bob_client, clip, body(clip, kind, box=BOX))
        (found,) = answer["shapes"]
        shape = shape_from_json(kind, found["shape"], width=width, height=height)
        assert np.array_equal(shape_to_mask(shape, width=width, height=height), wanted), kind


def test_points_include_and_exclude_and_the_answer_says_what_made_it(
    clip: Task, bob_client: APIClient, worker: Popen[bytes]
) -> None:
    width, height = clip.media.width or 0, clip.media.height or 0
    before = [rows.objects.count() for rows in (Label, Instance, Edit, TaskChange)]
    points = [{"x": 40, "y": 40}, {"x": 50.5, "y": 40.5, "include": False}]
    answer = answer_of(bob_client, clip, body(clip, points=points, draft_id="one", seq=7))
    mask = shape_to_mask(
        shape_from_json(ShapeKind.BITMASK, answer["shapes"][0]["shape"], width=width, height=height),
        width=width,
        height=height,
    )
    assert mask[40, 38]
    assert not mask[40, 50]
    assert answer["shapes"][0]["confidence"] == 0.9
    assert answer["made_by"] == {"name": "scripted", "version": "scripted 1", "device": "cpu"}
    assert (answer["draft_id"], answer["seq"], answer["state"]) == ("one", 7, "done")
    assert set(answer["times"]) == {"waited", "opened", "segmented"}
    # It is a draft: no row knows of it.
    assert [rows.objects.count() for rows in (Label, Instance, Edit, TaskChange)] == before


def test_clicks_that_leave_nothing_are_an_answer_without_a_shape(
    clip: Task, bob_client: APIClient, worker: Popen[bytes]
) -> None:
    points = [{"x": 40, "y": 40}, {"x": 40, "y": 40, "include": False}]
    answer = answer_of(bob_client, clip, body(clip, points=points))
    assert (answer["state"], answer["shapes"]) == ("done", [])


def test_warming_says_who_answers_clicks(clip: Task, bob_client: APIClient, worker: Popen[bytes]) -> None:
    # The lane was wiped: the worker is there again with its next beat.
    until(lambda: bool(live_workers(store())), seconds=60, what="the worker's beat")
    answer = bob_client.post(f"/api/v1/tasks/{clip.pk}/prompts/warm/", {"frames": [3, 4]}, format="json")
    assert answer.status_code == 202
    assert answer.json() == {"clicker": "classical", "words": "scripted", "examples": "similar"}


def test_a_click_and_words_on_one_frame_share_what_was_encoded(
    clip: Task, bob_client: APIClient, worker: Popen[bytes]
) -> None:
    click = answer_of(bob_client, clip, body(clip, box=BOX, draft_id="click"))
    assert len(click["shapes"]) == 1
    told = body(clip, mode="all", words="white", detector="scripted", clicker="", draft_id="words")
    words = answer_of(bob_client, clip, told)
    assert words["made_by"] == {"name": "scripted", "version": "scripted 1", "device": "cpu"}
    assert words["notes"] == []
    again = answer_of(bob_client, clip, body(clip, box=BOX, draft_id="again"))
    assert again["shapes"] == click["shapes"]


def test_what_looks_like_a_label_of_another_frame_is_found(
    clip: Task, bob_client: APIClient, worker: Popen[bytes]
) -> None:
    instance = make_instance(task=clip, shape=ShapeKind.BOUNDING_BOX)
    width, height = clip.media.width or 0, clip.media.height or 0
    make_label(instance=instance, frame=0, shape=Box(0, 0, width / 3, height / 3))
    examples = [{"instance": instance.pk, "frame": 0}]
    told = {"mode": "all", "words": "", "examples": examples, "detector": "similar", "clicker": ""}
    answer = answer_of(
        bob_client, clip, body(clip, ShapeKind.BOUNDING_BOX, draft_id="alike", threshold=0.0, most=3, **told)
    )
    assert answer["made_by"] == {"name": "similar", "version": "similar 1", "device": "cpu"}
    assert len(answer["shapes"]) <= 3
    confidences = [one["confidence"] for one in answer["shapes"]]
    assert confidences == sorted(confidences, reverse=True)
    assert "the example" in answer["notes"][0]


def test_an_area_without_words_is_taken_apart_by_the_segmenter(
    clip: Task, bob_client: APIClient, worker: Popen[bytes]
) -> None:
    told = body(clip, mode="area", words="", box=BOX, clicker="classical", draft_id="area")
    answer = answer_of(bob_client, clip, told)
    assert answer["made_by"]["name"] == "classical"
    assert answer["notes"][0] == "The area was taken apart by its looks."


def test_a_worker_that_dies_in_mid_click_is_an_answer_and_the_next_one_takes_the_clicks(
    clip: Task, bob_client: APIClient, worker: Popen[bytes], environment: dict[str, str], tmp_path: Path
) -> None:
    address = f"/api/v1/tasks/{clip.pk}/prompts/"
    with worker_running(environment, tmp_path, module="tests.lane.stuck_worker") as stuck:
        told = body(clip, box=BOX, clicker="stuck")
        sent = bob_client.post(address, told, format="json")
        follow = f"{address}{sent.json()['id']}/"
        until(
            lambda: bob_client.get(f"{follow}?wait=0").json()["position"] == 0,
            seconds=60,
            what="the worker to begin",
        )
        stuck.kill()
        answer = bob_client.get(f"{follow}?wait=5").json()
    assert (answer["state"], answer["code"]) == ("failed", "worker_lost")
    assert "kept" in answer["sentence"]
    assert answer_of(bob_client, clip, {**told, "seq": 2, "clicker": "scripted"})["state"] == "done"

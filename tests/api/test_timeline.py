"""``timeline/``: a task's labels in outline."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from labeling.models import Instance, Project, Provenance, Task
from labeling.selectors.timeline import LOW_MAX
from tests import factories
from tests.api.things import error_of

pytestmark = pytest.mark.engine

HAND, PROMPTED, DETECTED = Provenance.MANUAL, Provenance.PROMPTED, Provenance.DETECTED
TRACKED, FILLED, BROUGHT = Provenance.TRACKED, Provenance.INTERPOLATED, Provenance.IMPORTED


def labelled(task: Task, *runs: tuple[int, int, Provenance]) -> Instance:
    """Make an instance with labels over runs of frames, inclusive; only a person's are protected."""
    instance = factories.make_instance(task=task)
    for first, last, provenance in runs:
        for frame in range(first, last + 1):
            by_hand = provenance in (HAND, PROMPTED)
            factories.make_label(
                instance=instance, frame=frame, provenance=provenance, protected=by_hand, confidence=0.9
            )
    return instance


def absent(instance: Instance, *frames: int) -> None:
    for frame in frames:
        factories.make_label(instance=instance, frame=frame, shape=None)


def outline(client: APIClient, instance: Instance) -> dict[str, Any]:
    answer = client.get(f"/api/v1/tasks/{instance.task_id}/timeline/")
    assert answer.status_code == 200
    shown: dict[str, Any] = answer.json()["instances"][str(instance.pk)]
    return shown


def test_spans_say_who_made_which_frames(victor_client: APIClient, task: Task) -> None:
    instance = labelled(
        task, (0, 0, HAND), (1, 9, TRACKED), (10, 10, HAND), (11, 14, FILLED), (20, 21, DETECTED),
        (22, 23, BROUGHT), (30, 31, TRACKED),
    )  # fmt: skip
    absent(instance, 15, 16, 18)
    shown = outline(victor_client, instance)
    assert shown["spans"] == [
        [0, 0, "h"], [1, 9, "t"], [10, 10, "h"], [11, 14, "i"], [20, 21, "d"], [22, 23, "m"], [30, 31, "t"],
    ]  # fmt: skip
    assert shown["absent"] == [[15, 16], [18, 18]]
    assert shown["keys"] == [0, 10]


def test_a_machines_label_that_a_person_edited_is_theirs(victor_client: APIClient, task: Task) -> None:
    instance = labelled(task, (0, 4, TRACKED))
    label = instance.labels.get(frame=2)
    label.protected = True
    label.save(update_fields=["protected"])
    shown = outline(victor_client, instance)
    assert shown["spans"] == [[0, 1, "t"], [2, 2, "h"], [3, 4, "t"]]
    assert shown["keys"] == [2]


def test_prompted_frames_join_drawn_ones_and_are_named(victor_client: APIClient, task: Task) -> None:
    instance = labelled(task, (4, 5, HAND), (6, 6, PROMPTED), (7, 8, HAND), (9, 12, TRACKED))
    shown = outline(victor_client, instance)
    assert shown["spans"] == [[4, 8, "h"], [9, 12, "t"]]
    assert shown["prompted"] == [6]
    # Of a span by hand the frame beside the machine's is a key frame, the free end is not.
    assert shown["keys"] == [8]


def test_a_gap_parts_spans_of_one_kind(victor_client: APIClient, task: Task) -> None:
    instance = labelled(task, (0, 3, TRACKED), (5, 6, TRACKED), (9, 9, HAND))
    shown = outline(victor_client, instance)
    assert shown["spans"] == [[0, 3, "t"], [5, 6, "t"], [9, 9, "h"]]
    assert shown["keys"] == [9]


def test_dips_of_the_confidence_below_half_are_told(victor_client: APIClient, task: Task) -> None:
    instance = factories.make_instance(task=task)
    scores = {0: 0.9, 1: 0.45, 2: 0.3, 3: 0.3, 4: 0.4, 5: 0.35, 6: 0.8, 7: 0.6, 8: 0.7, 20: 0.49, 30: 0.5}
    for frame, confidence in scores.items():
        factories.make_label(
            instance=instance, frame=frame, provenance=TRACKED, protected=False, confidence=confidence
        )
    # What a person saved is not in doubt, whatever the score was.
    factories.make_label(instance=instance, frame=40, provenance=PROMPTED, confidence=0.1)
    low = outline(victor_client, instance)["low"]
    # A plateau (2 and 3) dips where it begins; 7 dips too, but not below half.
    assert low == [[2, 0.3], [5, 0.35], [20, 0.49]]


def test_of_very_many_dips_the_deepest_are_told(victor_client: APIClient, project: Project) -> None:
    task = factories.make_task(media=factories.make_media(project=project, frames=2000))
    instance = factories.make_instance(task=task)
    for number in range(LOW_MAX + 20):
        # Every second frame, so that each is a dip of its own; the first twenty are the shallowest.
        confidence = 0.45 if number < 20 else 0.1
        factories.make_label(
            instance=instance, frame=2 * number, provenance=TRACKED, protected=False, confidence=confidence
        )
    low = outline(victor_client, instance)["low"]
    assert [frame for frame, _ in low] == [2 * number for number in range(20, LOW_MAX + 20)]


def test_single_instances_are_read_anew_and_those_of_others_are_not(
    victor_client: APIClient, task: Task
) -> None:
    one, two = labelled(task, (0, 1, HAND)), labelled(task, (5, 6, TRACKED))
    elsewhere = labelled(factories.make_task(media=task.media), (0, 1, HAND))
    task.refresh_from_db()
    address = f"/api/v1/tasks/{task.pk}/timeline/"
    answer = victor_client.get(address, {"instances": f"{two.pk},{elsewhere.pk}"}).json()
    assert set(answer["instances"]) == {str(two.pk)}
    everything = victor_client.get(address).json()
    assert set(everything["instances"]) == {str(one.pk), str(two.pk)}
    assert (everything["seq"], everything["first"], everything["last"]) == (task.seq, 0, 99)


def test_an_instance_without_a_mark_is_left_out(victor_client: APIClient, task: Task) -> None:
    factories.make_instance(task=task)
    assert victor_client.get(f"/api/v1/tasks/{task.pk}/timeline/").json()["instances"] == {}


@pytest.mark.parametrize("instances", ["", "1,,2", "one", "1;2", "9" * 30, ",".join(["1"] * 501)])
def test_a_list_of_ids_that_is_none_is_refused(victor_client: APIClient, task: Task, instances: str) -> None:
    answer = victor_client.get(f"/api/v1/tasks/{task.pk}/timeline/", {"instances": instances})
    assert answer.status_code == 400
    assert set(error_of(answer)["details"]) == {"instances"}

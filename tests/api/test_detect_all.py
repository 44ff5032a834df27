"""Orders of ``kind: "detect_all"``: what is taken, what a dry run says, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.geometry.shapes import Box, Keypoint, ShapeKind
from labeling.models import Instance, Job, Label, MediaKind, MediaState, ObjectClass, Part, Task, Worker
from labeling.services.job_states import job_cancel
from tests import factories
from tests.api.things import error_of

pytestmark = pytest.mark.engine


@pytest.fixture
def car(task: Task) -> ObjectClass:
    return factories.make_class(ontology=task.project.ontology, shape=ShapeKind.BOUNDING_BOX, name="car")


@pytest.fixture
def example(instance: Instance) -> dict[str, int]:
    """A label that may serve as an example: the fixture's own on frame 10."""
    return {"instance": instance.pk, "frame": 10}


def worker(*, name: str, reads: Sequence[str], queue: str = "gpu", left: bool = False) -> Worker:
    now = timezone.now()
    return Worker.objects.create(
        name=f"worker of {name}",
        capabilities=[queue],
        detectors={name: {"capability": queue, "reads": list(reads)}},
        started_at=now,
        seen_at=now,
        left_at=now if left else None,
    )


def sam3(*, left: bool = False) -> Worker:
    return worker(name="sam3", reads=["words", "examples"], left=left)


def post(client: APIClient, task: Task, *classes: dict[str, Any], query: str = "", **body: Any) -> Any:
    told = {"kind": "detect_all", "classes": list(classes), "first_frame": 0, "last_frame": 9, **body}
    return client.post(f"/api/v1/tasks/{task.pk}/jobs/{query}", told, format="json")


def refusal(answer: Any, code: str, *, status: int = 422) -> str:
    assert answer.status_code == status, answer.json()
    error = error_of(answer)
    assert error["code"] == code
    assert not Job.objects.exists()
    sentence = error["sentence"]
    assert isinstance(sentence, str)
    return sentence


class TestOrder:
    def test_words_are_the_class_s_name_unless_told(
        self, bob_client: APIClient, task: Task, car: ObjectClass
    ) -> None:
        sam3()
        answer = post(bob_client, task, {"object_class": car.pk}, step=2, last_frame=20)
        assert answer.status_code == 201, answer.json()
        told = answer.json()
        assert (told["kind"], told["algorithm"], told["frames_total"]) == ("detect_all", "sam3", 11)
        assert (told["instances"], told["waiting_for_worker"]) == ([], False)
        assert told["parameters"]["classes"] == [
            {
                "object_class": car.pk, "name": "car", "words": "car", "examples": [], "threshold": None,
                "most": 200,
            }
        ]  # fmt: skip
        part = Part.objects.get()
        assert (part.algorithm, part.capability, part.cost) == ("detect:sam3", "gpu", 11)

    def test_a_viewer_may_not_order(self, victor_client: APIClient, task: Task, car: ObjectClass) -> None:
        refusal(post(victor_client, task, {"object_class": car.pk}), "forbidden", status=403)

    def test_without_words_that_anybody_reads_examples_do(
        self, bob_client: APIClient, task: Task, car: ObjectClass, example: dict[str, int]
    ) -> None:
        answer = post(bob_client, task, {"object_class": car.pk, "examples": [example]})
        assert answer.status_code == 201, answer.json()
        told = answer.json()
        assert (told["algorithm"], told["waiting_for_worker"]) == ("similar", True)
        assert told["parameters"]["classes"][0]["words"] == ""

    def test_a_package_s_detector_comes_before_similar_and_after_sam3(
        self, bob_client: APIClient, task: Task, car: ObjectClass, example: dict[str, int]
    ) -> None:
        wanted = {"object_class": car.pk, "examples": [example]}
        worker(name="ours", reads=["examples"], queue="cpu")
        assert post(bob_client, task, wanted, query="?dry_run=true").json()["detector"] == "ours"
        sam3(left=True)
        dry = post(bob_client, task, wanted, query="?dry_run=true").json()
        assert (dry["detector"], dry["waiting_for_worker"]) == ("sam3", True)

    def test_who_knows_no_examples_of_other_frames_is_asked_for_words(
        self, bob_client: APIClient, task: Task, car: ObjectClass, example: dict[str, int]
    ) -> None:
        worker(name="sam3", reads=["words", "examples_here"])
        shown = {"object_class": car.pk, "examples": [example]}
        dry = post(bob_client, task, shown, query="?dry_run=true").json()
        assert (dry["detector"], dry["warnings"]) == ("similar", [])
        named = factories.class_of(ontology=task.project.ontology, shape=ShapeKind.POLYGON)
        dry = post(bob_client, task, shown, {"object_class": named.pk}, query="?dry_run=true").json()
        assert dry["detector"] == "sam3"
        (warning,) = dry["warnings"]
        assert "“car” on frame 10, where it does not search, are left out" in warning
        assert dry["classes"][0] | {"words": "car", "examples": []} == dry["classes"][0]

    def test_examples_of_frames_that_are_searched_are_shown_on_these_alone(
        self, bob_client: APIClient, task: Task, car: ObjectClass, example: dict[str, int], instance: Instance
    ) -> None:
        worker(name="sam3", reads=["words", "examples_here"])
        factories.make_label(instance=instance, frame=2)
        examples = [example, {"instance": instance.pk, "frame": 2}]
        shown = {"object_class": car.pk, "words": "van", "examples": examples}
        told = post(bob_client, task, shown, step=2).json()
        assert told["parameters"]["classes"][0]["examples"] == [examples[1]]
        assert [sentence.split(":")[0] for sentence in told["warnings"]] == [
            "“sam3” reads examples only on the frame that it searches",
            "On all but frame 2 “sam3” knows no example of “car”",
        ]
        assert told["warnings"][1].endswith("there it looks for the words “van”.")
        assert Job.objects.get().warnings == told["warnings"]

    def test_who_reads_no_examples_at_all_says_so(
        self, bob_client: APIClient, task: Task, car: ObjectClass, example: dict[str, int]
    ) -> None:
        worker(name="sam3", reads=["words"])
        shown = {"object_class": car.pk, "words": "van", "examples": [example]}
        dry = post(bob_client, task, shown, query="?dry_run=true").json()
        assert dry["warnings"] == [
            "“sam3” reads no examples: those of “car” are left out, and it looks for the words “van”."
        ]
        assert dry["classes"][0]["examples"] == []

    def test_an_order_that_leaves_nothing_to_look_for_is_refused(
        self, bob_client: APIClient, task: Task, car: ObjectClass, example: dict[str, int]
    ) -> None:
        """One that reads examples of the frame alone, and no words; the example is on no frame searched."""
        worker(name="here", reads=["examples_here"], queue="cpu")
        shown = {"object_class": car.pk, "examples": [example]}
        sentence = refusal(post(bob_client, task, shown, detector="here"), "no_example_left")
        assert "frame 10" in sentence
        told = post(bob_client, task, shown, detector="here", last_frame=20).json()
        assert [one.endswith("there it looks for nothing of it.") for one in told["warnings"]] == [True]

    def test_the_scripted_detector_is_nobody_s_first_choice(
        self, bob_client: APIClient, task: Task, car: ObjectClass, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(settings, "SCRIPTED_BACKEND", True)
        refusal(post(bob_client, task, {"object_class": car.pk}), "words_not_understood")
        assert post(bob_client, task, {"object_class": car.pk}, detector="scripted").status_code == 201

    def test_a_repeated_key_is_one_job(self, bob_client: APIClient, task: Task, car: ObjectClass) -> None:
        sam3()
        body = {
            "kind": "detect_all", "classes": [{"object_class": car.pk}], "first_frame": 0, "last_frame": 9,
        }  # fmt: skip
        address = f"/api/v1/tasks/{task.pk}/jobs/"
        one, again = (
            bob_client.post(address, body, format="json", headers={"Idempotency-Key": "k"}) for _ in range(2)
        )
        assert (one.status_code, again.status_code) == (201, 200)
        assert one.json()["id"] == again.json()["id"]

    def test_the_second_order_of_a_class_names_the_first_job(
        self, bob_client: APIClient, task: Task, car: ObjectClass
    ) -> None:
        sam3()
        first = post(bob_client, task, {"object_class": car.pk}).json()["id"]
        answer = post(bob_client, task, {"object_class": car.pk}, first_frame=9, last_frame=12)
        assert answer.status_code == 409
        error = error_of(answer)
        assert (error["code"], error["details"]["job"]) == ("job_overlaps", first)
        job_cancel(job=Job.objects.get(pk=first), keep=False)
        assert post(bob_client, task, {"object_class": car.pk}).status_code == 201


class TestDryRun:
    def test_it_says_what_would_be_looked_for_and_stores_nothing(
        self, bob_client: APIClient, task: Task, car: ObjectClass
    ) -> None:
        sam3()
        wanted = {"object_class": car.pk, "words": "red car", "threshold": 0.4, "most": 20}
        answer = post(bob_client, task, wanted, query="?dry_run=true", step=3)
        assert answer.json() == {
            "frames": 4,
            "frames_before": 0,
            "objects": [],
            "warnings": [],
            "protected_touched": 0,
            "waiting_for_worker": False,
            "seconds": None,
            "detector": "sam3",
            "classes": [
                {
                    "object_class": car.pk, "name": "car", "words": "red car", "examples": [],
                    "threshold": 0.4, "most": 20,
                }
            ],
        }  # fmt: skip
        assert not Job.objects.exists()

    def test_an_example_that_is_gone_is_a_warning_while_something_is_left(
        self, bob_client: APIClient, task: Task, car: ObjectClass, example: dict[str, int]
    ) -> None:
        gone = {**example, "frame": 11}
        wanted = {"object_class": car.pk, "examples": [example, gone]}
        dry = post(bob_client, task, wanted, query="?dry_run=true").json()
        assert ["frame 11 was deleted" in warning for warning in dry["warnings"]] == [True]
        assert dry["classes"][0]["examples"] == [example]
        Label.objects.all().delete()
        sentence = refusal(post(bob_client, task, wanted), "no_example_left")
        assert "car" in sentence

    def test_words_that_the_detector_does_not_read_are_a_warning(
        self, bob_client: APIClient, task: Task, car: ObjectClass, example: dict[str, int]
    ) -> None:
        wanted = {"object_class": car.pk, "words": "van", "examples": [example]}
        dry = post(bob_client, task, wanted, query="?dry_run=true").json()
        assert ["does not understand words" in warning for warning in dry["warnings"]] == [True]

    def test_seconds_are_those_of_frames_and_classes_before(
        self, bob_client: APIClient, task: Task, car: ObjectClass
    ) -> None:
        sam3()
        for _ in range(3):
            answer = post(bob_client, task, {"object_class": car.pk}, last_frame=9)
            ended = timezone.now()
            Part.objects.filter(job=answer.json()["id"]).update(
                state="done", started_at=ended - timedelta(seconds=5), finished_at=ended
            )
            job_cancel(job=Job.objects.get(pk=answer.json()["id"]), keep=True)
        dry = post(bob_client, task, {"object_class": car.pk}, last_frame=99, query="?dry_run=true").json()
        assert dry["seconds"] == pytest.approx([50.0, 50.0])


class TestRefusals:
    def test_words_alone_where_no_worker_reads_any(
        self, bob_client: APIClient, task: Task, car: ObjectClass
    ) -> None:
        sentence = refusal(post(bob_client, task, {"object_class": car.pk}), "words_not_understood")
        assert "similar" in sentence

    @pytest.mark.parametrize("shape", [ShapeKind.KEYPOINT, ShapeKind.POLYLINE, ShapeKind.SKELETON])
    def test_a_shape_that_no_mask_becomes(self, bob_client: APIClient, task: Task, shape: ShapeKind) -> None:
        sam3()
        line = factories.class_of(ontology=task.project.ontology, shape=shape)
        refusal(post(bob_client, task, {"object_class": line.pk}), "shape_not_segmentable")

    def test_a_class_of_another_project(self, bob_client: APIClient, task: Task) -> None:
        sam3()
        foreign = factories.make_project().ontology.classes.first()
        assert foreign is not None
        refusal(post(bob_client, task, {"object_class": foreign.pk}), "foreign_class")
        refusal(post(bob_client, task, {"object_class": 10**9}), "foreign_class")

    def test_an_archived_class(self, bob_client: APIClient, task: Task, car: ObjectClass) -> None:
        sam3()
        ObjectClass.objects.filter(pk=car.pk).update(archived=True)
        refusal(post(bob_client, task, {"object_class": car.pk}), "class_archived")

    def test_no_class_and_a_class_twice(self, bob_client: APIClient, task: Task, car: ObjectClass) -> None:
        sam3()
        refusal(post(bob_client, task), "no_classes")
        refusal(post(bob_client, task, {"object_class": car.pk}, {"object_class": car.pk}), "class_twice")

    @pytest.mark.parametrize(
        ("told", "code"),
        [
            ({"words": "  "}, "words_empty"),
            ({"threshold": 1.1}, "threshold_out_of_range"),
            ({"threshold": -0.1}, "threshold_out_of_range"),
            ({"most": 0}, "most_out_of_range"),
            ({"most": 10_000}, "most_out_of_range"),
        ],
    )
    def test_what_cannot_be_said_of_a_class(
        self, bob_client: APIClient, task: Task, car: ObjectClass, told: dict[str, Any], code: str
    ) -> None:
        sam3()
        sentence = refusal(post(bob_client, task, {"object_class": car.pk, **told}), code)
        assert "car" in sentence

    @pytest.mark.parametrize(
        ("told", "code"),
        [
            ({"step": 0}, "step_too_small"),
            ({"overlap": 1.5}, "overlap_out_of_range"),
            ({"last_frame": 100}, "frame_out_of_range"),
            ({"first_frame": 5, "last_frame": 4}, "range_reversed"),
            ({"detector": "wishful"}, "unknown_detector"),
            ({"link": False, "fill": "fast"}, "fill_needs_link"),
            ({"fill": "sam2"}, "unknown_algorithm"),
        ],
    )
    def test_what_cannot_be_ordered(
        self, bob_client: APIClient, task: Task, car: ObjectClass, told: dict[str, Any], code: str
    ) -> None:
        sam3()
        refusal(post(bob_client, task, {"object_class": car.pk}, **told), code)

    def test_examples_that_are_none(
        self, bob_client: APIClient, task: Task, car: ObjectClass, example: dict[str, int]
    ) -> None:
        refusal(
            post(bob_client, task, {"object_class": car.pk, "examples": [example] * 4}), "too_many_examples"
        )
        point = factories.make_instance(task=task, shape=ShapeKind.KEYPOINT)
        factories.make_label(instance=point, frame=3, shape=Keypoint(3, 4))
        told = {"object_class": car.pk, "examples": [{"instance": point.pk, "frame": 3}]}
        refusal(post(bob_client, task, told), "example_without_area")

    def test_examples_of_another_task_are_not_there(
        self, bob_client: APIClient, task: Task, car: ObjectClass
    ) -> None:
        other = factories.make_instance(task=factories.make_task(media=task.media))
        factories.make_label(instance=other, frame=0, shape=Box(1, 1, 9, 9))
        told = {"object_class": car.pk, "examples": [{"instance": other.pk, "frame": 0}]}
        refusal(post(bob_client, task, told), "no_example_left")

    def test_media_without_pictures(self, bob_client: APIClient, task: Task, car: ObjectClass) -> None:
        sam3()
        type(task.media).objects.filter(pk=task.media.pk).update(kind=MediaKind.OPAQUE)
        refusal(post(bob_client, task, {"object_class": car.pk}), "media_not_segmentable")
        type(task.media).objects.filter(pk=task.media.pk).update(state=MediaState.FAILED)
        refusal(post(bob_client, task, {"object_class": car.pk}), "media_not_ready", status=409)

    def test_an_image_cannot_be_filled(self, bob_client: APIClient, task: Task, car: ObjectClass) -> None:
        sam3()
        type(task.media).objects.filter(pk=task.media.pk).update(kind=MediaKind.IMAGE)
        wanted = {"object_class": car.pk}
        refusal(post(bob_client, task, wanted, last_frame=0, fill="fast"), "modality_not_trackable")
        assert post(bob_client, task, wanted, last_frame=0).status_code == 201

    def test_fields_that_there_are_not(self, bob_client: APIClient, task: Task, car: ObjectClass) -> None:
        sam3()
        refusal(post(bob_client, task, {"object_class": car.pk, "word": "x"}), "invalid", status=400)
        refusal(post(bob_client, task, {"object_class": car.pk}, instances=[1]), "invalid", status=400)

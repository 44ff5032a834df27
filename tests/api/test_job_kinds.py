"""Orders of each kind and with advanced tracking on, off, and away."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.models import Instance, Job, Worker
from tests import factories
from tests.api.things import error_of

pytestmark = pytest.mark.engine


def post(client: APIClient, instance: Instance, *, query: str = "", **body: Any) -> Any:
    body = {"instances": [instance.pk], "first_frame": 0, "last_frame": 99, **body}
    return client.post(f"/api/v1/tasks/{instance.task_id}/jobs/{query}", body, format="json")


def sam2_worker(*, left: bool = False) -> Worker:
    now = timezone.now()
    return Worker.objects.create(
        name="a worker with a GPU",
        capabilities=["gpu"],
        algorithms={"sam2": {"capability": "gpu", "shapes": ["bounding_box", "bitmask"]}},
        started_at=now,
        seen_at=now,
        left_at=now if left else None,
    )


class TestInterpolation:
    def test_a_dry_run_counts_what_would_be_filled(self, bob_client: APIClient, instance: Instance) -> None:
        for frame in (0, 20):
            factories.make_label(instance=instance, frame=frame)
        answer = post(bob_client, instance, kind="interpolate", query="?dry_run=true", last_frame=15)
        assert answer.status_code == 200, answer.json()
        # The fixture's own label on frame 10 parts the gap.
        assert answer.json() == {
            "frames": 14,
            "frames_before": 0,
            "objects": [{"instance": instance.pk, "seed_frame": None, "frames": 14}],
            "warnings": [],
            "protected_touched": 0,
            "waiting_for_worker": True,
            "seconds": None,
            "detector": None,
            "classes": [],
        }
        assert not Job.objects.exists()

    def test_an_order_is_queued_for_any_worker(self, bob_client: APIClient, instance: Instance) -> None:
        factories.make_label(instance=instance, frame=20)
        answer = post(bob_client, instance, kind="interpolate")
        assert answer.status_code == 201, answer.json()
        body = answer.json()
        assert (body["kind"], body["algorithm"], body["frames_total"]) == ("interpolate", "interpolation", 9)
        assert [part["capability"] for part in body["parts"]] == ["cpu"]

    @pytest.mark.parametrize("field", ["direction", "interval", "algorithm", "advanced", "backend"])
    def test_what_means_nothing_to_it_is_refused(
        self, bob_client: APIClient, instance: Instance, field: str
    ) -> None:
        told: dict[str, Any] = {field: None}
        answer = post(bob_client, instance, kind="interpolate", **told)
        assert (answer.status_code, error_of(answer)["code"]) == (400, "invalid")

    def test_another_kind_is_refused(self, bob_client: APIClient, instance: Instance) -> None:
        for kind in ("detect_all", 7, None, ["track"]):
            answer = post(bob_client, instance, kind=kind)
            assert (answer.status_code, error_of(answer)["code"]) == (400, "invalid")


class TestAdvanced:
    """On is SAM 2, off the fast tracker; nothing silently runs the other one."""

    def test_off_is_the_fast_tracker(self, bob_client: APIClient, instance: Instance) -> None:
        answer = post(bob_client, instance, advanced=False)
        assert answer.json()["algorithm"] == "fast"

    def test_on_is_sam_2(self, bob_client: APIClient, instance: Instance) -> None:
        sam2_worker()
        answer = post(bob_client, instance, advanced=True)
        assert answer.status_code == 201, answer.json()
        body = answer.json()
        assert (body["algorithm"], body["waiting_for_worker"]) == ("sam2", False)

    def test_never_offered_is_refused_and_says_what_to_do(
        self, bob_client: APIClient, instance: Instance
    ) -> None:
        for query in ("", "?dry_run=true"):
            answer = post(bob_client, instance, advanced=True, query=query)
            error = error_of(answer)
            assert (answer.status_code, error["code"]) == (422, "unknown_algorithm")
            assert "SAM 2" in error["sentence"]
            assert "fast tracker" in error["sentence"]
        assert not Job.objects.exists()

    def test_away_it_queues_and_waits_for_a_worker(self, bob_client: APIClient, instance: Instance) -> None:
        sam2_worker(left=True)
        body = post(bob_client, instance, advanced=True).json()
        assert (body["state"], body["algorithm"], body["waiting_for_worker"]) == ("queued", "sam2", True)
        (listed,) = bob_client.get(f"/api/v1/tasks/{instance.task_id}/jobs/").json()["results"]
        assert listed["waiting_for_worker"] is True
        Worker.objects.update(left_at=None)
        address = f"/api/v1/jobs/{body['id']}/"
        assert bob_client.get(address).json()["waiting_for_worker"] is False

    def test_the_algorithm_may_be_named_instead(self, bob_client: APIClient, instance: Instance) -> None:
        sam2_worker()
        assert post(bob_client, instance, algorithm="sam2").json()["algorithm"] == "sam2"

    @pytest.mark.parametrize("advanced", [True, False])
    def test_both_are_one_too_many(self, bob_client: APIClient, instance: Instance, advanced: bool) -> None:
        answer = post(bob_client, instance, advanced=advanced, algorithm="fast")
        assert (answer.status_code, error_of(answer)["code"]) == (422, "algorithm_said_twice")

    def test_interpolation_is_no_tracker(self, bob_client: APIClient, instance: Instance) -> None:
        now = timezone.now()
        Worker.objects.create(
            name="w",
            capabilities=["cpu"],
            algorithms={"interpolation": {"capability": "cpu", "shapes": ["bounding_box"]}},
            started_at=now,
            seen_at=now,
        )
        answer = post(bob_client, instance, algorithm="interpolation")
        assert (answer.status_code, error_of(answer)["code"]) == (422, "unknown_algorithm")

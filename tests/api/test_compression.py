"""JSON of some size is gzipped for those who take it; nothing else is."""

from __future__ import annotations

import gzip
import json

import pytest
from rest_framework.test import APIClient

from labeling.api.compression import LEAST_BYTES
from labeling.models import Instance, Task
from tests import factories


@pytest.fixture
def labels(task: Task) -> str:
    """The address of a window that is worth compressing."""
    instance = factories.make_instance(task=task)
    for frame in range(50):
        factories.make_label(instance=instance, frame=frame)
    return f"/api/v1/tasks/{task.pk}/labels/"


def test_a_large_answer_is_gzipped_and_says_the_same(victor_client: APIClient, labels: str) -> None:
    plain = victor_client.get(labels)
    packed = victor_client.get(labels, headers={"accept-encoding": "br;q=1.0, gzip;q=0.8, *;q=0.1"})
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"].count("Accept-Encoding") == 1
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.content) < len(plain.content) / 4
    assert json.loads(gzip.decompress(packed.content)) == plain.json()


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "gzip; q=0.0, br"])
def test_who_does_not_take_gzip_gets_none(victor_client: APIClient, labels: str, accepted: str) -> None:
    answer = victor_client.get(labels, headers={"accept-encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert answer.json()["labels"]


def test_small_answers_and_pages_stay_as_they_are(victor_client: APIClient, instance: Instance) -> None:
    small = victor_client.get(f"/api/v1/instances/{instance.pk}/", headers={"accept-encoding": "gzip"})
    assert len(small.content) < LEAST_BYTES
    page = victor_client.get("/", headers={"accept-encoding": "gzip"})
    assert len(page.content) > LEAST_BYTES
    for answer in (small, page):
        assert "Content-Encoding" not in answer.headers


def test_the_event_stream_flows_uncompressed(victor_client: APIClient) -> None:
    answer = victor_client.get("/api/v1/events/stream/", headers={"accept-encoding": "gzip"})
    assert answer.streaming
    assert "Content-Encoding" not in answer.headers
    answer.close()

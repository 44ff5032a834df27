"""``export/``: the files, and what they cannot hold. The formats have tests of their own."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.test import AsyncClient
from pycocotools import mask as coco_mask
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from labeling.geometry.shapes import Bitmask, ShapeKind
from labeling.models import AttributeAnswer, AttributeDefinition, Instance, Project, Provenance, Task, User
from labeling.selectors.exports import export_project
from tests import factories
from tests.api.things import error_of

pytestmark = pytest.mark.engine


def document_of(answer: Any) -> Any:
    return json.loads(b"".join(answer.streaming_content))


def test_a_project_is_exported_to_coco(victor_client: APIClient, instance: Instance) -> None:
    answer = victor_client.get(f"/api/v1/projects/{instance.task.project_id}/export/", {"format": "coco"})
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="Crossing.coco.json"'
    assert answer["X-Labelyard-Report"] == "0"
    document = document_of(answer)
    assert len(document["images"]) == 1
    (annotation,) = document["annotations"]
    assert annotation["bbox"] == [100.0, 100.0, 50.0, 40.0]
    assert len(document["categories"]) == 7
    exports = settings.CACHE_DIR / "exports"
    assert list(exports.iterdir()) == []


def test_a_mask_leaves_as_it_is_stored(victor_client: APIClient, task: Task) -> None:
    made = factories.make_instance(task=task, shape=ShapeKind.BITMASK)
    full = coco_mask.encode(np.asfortranarray([[1, 0], [1, 1]], dtype="uint8"))
    factories.make_label(instance=made, frame=4, shape=Bitmask(7, 9, 2, 2, full["counts"]))
    answer = victor_client.get(f"/api/v1/tasks/{task.pk}/export/", {"format": "coco"})
    (annotation,) = document_of(answer)["annotations"]
    mask = coco_mask.decode(annotation["segmentation"])
    assert mask.shape == (360, 640)
    assert mask[9:11, 7:9].tolist() == [[1, 0], [1, 1]]
    assert mask.sum() == 3


def test_a_task_is_exported_to_encord_with_its_answers(victor_client: APIClient, instance: Instance) -> None:
    kind = AttributeDefinition.objects.get(name="kind")
    AttributeAnswer.objects.create(
        task=instance.task, instance=instance, definition=kind, value="truck", seq=1
    )
    other = factories.make_task(media=instance.task.media)
    assert other.pk != instance.task_id
    answer = victor_client.get(f"/api/v1/tasks/{instance.task_id}/export/", {"format": "encord"})
    document = document_of(answer)
    assert set(document) == {"ontology", "label_rows"}
    (row,) = document["label_rows"]
    assert row["label_hash"] == str(instance.task.uid)
    (said,) = row["object_answers"][instance.object_hash]["classifications"]
    assert said["answers"][0]["value"] == "truck"


def test_what_a_format_cannot_hold_is_said(victor_client: APIClient, instance: Instance) -> None:
    factories.make_label(instance=instance, frame=11, shape=None)
    address = f"/api/v1/tasks/{instance.task_id}/export/"
    report = victor_client.get(address, {"format": "coco", "report": "true"}).json()
    assert report["format"] == "coco"
    (sentence,) = report["losses"]
    assert "absent mark" in sentence
    assert victor_client.get(address, {"format": "coco"})["X-Labelyard-Report"] == "1"


def test_a_format_that_is_not_known_is_refused(victor_client: APIClient, project: Project) -> None:
    answer = victor_client.get(f"/api/v1/projects/{project.pk}/export/", {"format": "docx"})
    assert (answer.status_code, error_of(answer)["code"]) == (400, "invalid")


def test_an_export_reads_many_labels_with_as_many_queries_as_few(
    instance: Instance, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    project = Project.objects.get()

    def read() -> int:
        return sum(len(list(task.labels)) for task in export_project(project=project).tasks)

    factories.make_label(instance=instance, frame=11, provenance=Provenance.TRACKED, protected=False)
    # Five for the ontology and its tree, one for the tasks, five for a task.
    with django_assert_num_queries(11):
        assert read() == 2
    for frame in range(20, 60):
        factories.make_label(instance=instance, frame=frame)
    with django_assert_num_queries(11):
        assert read() == 42


@pytest.mark.django_db(transaction=True)
def test_under_the_asynchronous_server_the_file_goes_out_in_pieces(alice: User, instance: Instance) -> None:
    async def scene() -> bytes:
        client = AsyncClient()
        await client.aforce_login(alice)
        answer: Any = await client.get(f"/api/v1/tasks/{instance.task_id}/export/?format=coco")
        assert answer.is_async
        return b"".join([piece async for piece in answer.streaming_content])

    document = json.loads(asyncio.run(scene()))
    assert len(document["annotations"]) == 1

"""Both tables of availability, over all shapes and modalities: what the page greys, the API refuses.

Beyond the seed page are DICOM series for segmentation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from rest_framework.test import APIClient

from labeling.geometry.shapes import ShapeKind
from labeling.models import Direction, Instance, Media, MediaKind, Project, Task, User
from labeling.services import prompts
from tests import factories
from tests.clips.dicom import dicom_series
from tests.clips.series import group_files, sequence_files, zipped
from tests.engine.clips import media_of_file
from tests.web.browser import OpenPage
from tests.web.seed.page import following
from tests.web.workbench.hand import Hand
from tests.web.workbench.sam import wand
from tests.web.workbench.test_canvas import SHAPES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SEGMENTED = {
    ShapeKind.POLYGON: True,
    ShapeKind.BOUNDING_BOX: True,
    ShapeKind.BITMASK: True,
    ShapeKind.ROTATABLE_BOUNDING_BOX: True,
    ShapeKind.KEYPOINT: False,
    ShapeKind.POLYLINE: False,
    ShapeKind.SKELETON: False,
}
"""Which shapes are segmented; all are tracked."""

BOTH = (Direction.FORWARDS, Direction.BACKWARDS)
TRACKED: dict[MediaKind, tuple[Direction, ...]] = {
    MediaKind.IMAGE: (),
    MediaKind.VIDEO: BOTH,
    MediaKind.IMAGE_GROUP: (Direction.FORWARDS,),
    MediaKind.IMAGE_SEQUENCE: (Direction.FORWARDS,),
    MediaKind.DICOM: (Direction.FORWARDS,),
    MediaKind.OPAQUE: (),
}
"""Which ways objects are tracked. All but opaque media (audio, text, documents) are segmented."""

AVAILABLE = "(id) => labelyard.actions.available(id)"


@dataclass(frozen=True)
class Shop:
    """A task of each modality, with an object of each shape on its first frame."""

    tasks: dict[MediaKind, Task]
    instances: dict[MediaKind, dict[ShapeKind, Instance]]


@pytest.fixture
def shop(film: Media, project: Project, alice: User, tmp_path: Path) -> Shop:
    picture = tmp_path / "picture.png"
    Image.new("RGB", (160, 128), (90, 120, 150)).save(picture)
    media = {MediaKind.VIDEO: film, MediaKind.IMAGE: media_of_file(project, picture)}
    series = {
        MediaKind.IMAGE_GROUP: group_files(2),
        MediaKind.IMAGE_SEQUENCE: sequence_files(2),
        MediaKind.DICOM: dicom_series(2),
    }
    for kind, files in series.items():
        path = tmp_path / f"{kind}.zip"
        path.write_bytes(zipped(files))
        media[kind] = media_of_file(project, path, uploaded_as=kind)
    tasks = {kind: Task.objects.get(media=one) for kind, one in media.items()}
    tasks[MediaKind.OPAQUE] = factories.make_task(
        media=factories.make_media(project=project, kind=MediaKind.OPAQUE)
    )
    return Shop(tasks, {kind: objects_of(task, alice) for kind, task in tasks.items()})


def objects_of(task: Task, author: User) -> dict[ShapeKind, Instance]:
    made = {}
    for kind, shape in SHAPES.items():
        made[kind] = factories.make_instance(task=task, shape=kind, author=author)
        factories.make_label(instance=made[kind], frame=0, shape=shape, author=author)
    return made


@pytest.fixture
def opened(page_of: OpenPage, live_server: LiveServer) -> Callable[..., Page]:
    """Open a task as somebody."""
    pages: dict[User, Page] = {}

    def show(task: Task, user: User) -> Page:
        page = pages.setdefault(user, pages.get(user) or page_of(user))
        page.goto(f"{live_server.url}/tasks/{task.pk}/")
        expect(page.locator("html")).to_have_attribute("data-ready", "true")
        page.wait_for_function("(count) => labelyard.store.instances.size === count", arg=len(SHAPES))
        return page

    return show


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def prompted(client: APIClient, task: Task, kind: ShapeKind) -> tuple[int, Any]:
    """Click by the API, for a new object of the shape."""
    of = factories.class_of(ontology=task.project.ontology, shape=kind).pk
    body = {"draft_id": kind.value, "seq": 1, "frame": 0, "object_class": of, "points": [{"x": 20, "y": 30}]}
    answer = client.post(f"/api/v1/tasks/{task.pk}/prompts/", body, format="json")
    return answer.status_code, answer.json()


def ordered(client: APIClient, instance: Instance, direction: Direction, **told: Any) -> tuple[int, Any]:
    """Say by the API what tracking would come to."""
    task = instance.task
    body = {"kind": "track", "instances": [instance.pk], "first_frame": 0, "last_frame": task.last_frame}
    body |= {"direction": direction.value, "advanced": False, **told}
    answer = client.post(f"/api/v1/tasks/{task.pk}/jobs/?dry_run=true", body, format="json")
    return answer.status_code, answer.json()


def select(page: Page, *instances: Instance) -> None:
    page.evaluate("(keys) => labelyard.select(keys)", [one.object_hash for one in instances])


@pytest.mark.usefixtures("valkey")
def test_segmentation(
    shop: Shop, opened: Callable[..., Page], alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    # There is no worker: what is taken waits for one, and nobody waits for that here.
    monkeypatch.setattr(prompts, "REPLY_SECONDS", 0.0)
    client = client_of(alice)
    with following("Segmentation: Availability") as says:
        says("Ontology shapes")
        page = opened(shop.tasks[MediaKind.VIDEO], alice)
        for shape, fits in SEGMENTED.items():
            for name in (f"Segment {shape.value} with SAM", f"Label all objects of {shape.value} on"):
                button = page.get_by_role("button", name=name)
                expect(button).to_have_attribute("aria-disabled", str(not fits).lower())
                told = button.get_attribute("title") or ""
                assert ("cannot be segmented, only drawn" in told) is not fits
            status, answer = prompted(client, shop.tasks[MediaKind.VIDEO], shape)
            assert (status, answer.get("error", {}).get("code")) == (
                (202, None) if fits else (422, "shape_not_segmentable")
            )
        # A press all the same says so.
        page.get_by_role("button", name="Segment point with SAM").dispatch_event("click")
        expect(page.locator("#messages")).to_contain_text("keypoint (“point”)")
        expect(page.locator("#sam-popup")).to_be_hidden()
        says("Modalities")
        for kind, task in shop.tasks.items():
            status, answer = prompted(client, task, ShapeKind.POLYGON)
            if kind is MediaKind.OPAQUE:
                assert (status, answer["error"]["code"]) == (422, "media_not_segmentable")
            else:
                assert status == 202, answer
                page = opened(task, alice)
                expect(wand(Hand(page, task, 160, 128), "polygon")).to_have_attribute(
                    "aria-disabled", "false"
                )


@pytest.mark.usefixtures("valkey")
def test_tracking(shop: Shop, opened: Callable[..., Page], alice: User) -> None:
    client = client_of(alice)
    with following("Tracking: Availability") as says:
        says("Ontology shapes")
        page = opened(shop.tasks[MediaKind.VIDEO], alice)
        for instance in shop.instances[MediaKind.VIDEO].values():
            select(page, instance)
            assert page.evaluate(AVAILABLE, "object.track-forwards") is True
            assert ordered(client, instance, Direction.FORWARDS)[0] == 200
        says("Modalities")
        for kind, directions in TRACKED.items():
            instance = shop.instances[kind][ShapeKind.POLYGON]
            for direction in BOTH:
                status, answer = ordered(client, instance, direction)
                code = "direction_not_supported" if directions else "modality_not_trackable"
                expected = (200, None) if direction in directions else (422, code)
                assert (status, answer.get("error", {}).get("code")) == expected, (kind, direction)
            if kind is not MediaKind.OPAQUE:
                shown = entries(opened(shop.tasks[kind], alice), instance)
                assert shown == [f"Track {direction.value}" for direction in directions], kind


def entries(page: Page, instance: Instance) -> list[str]:
    """The ways of tracking that the menu of an object has; in the drawer it says why there are none."""
    select(page, instance)
    page.locator("#stage").focus()
    page.keyboard.press("Shift+F10")
    expect(page.get_by_role("menu")).to_be_visible()
    names = [item.inner_text().split("\n")[0] for item in page.get_by_role("menuitem").all()]
    page.keyboard.press("Escape")
    found = [name for name in names if name in {f"Track {direction.value}" for direction in BOTH}]
    if not found:
        page.get_by_role("tab", name="Automated labeling").click()
        expect(page.locator("#jobs")).to_contain_text("Objects cannot be tracked in an image.")
    return found

"""The brush on a mask of 4K; ``make bench ARGS=workbench`` measures what a move costs."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytest_django.live_server_helper import LiveServer

from labeling.geometry.masks import mask_to_bitmask, shape_to_mask
from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import ShapeKind
from labeling.geometry.wire import shape_to_json
from labeling.models import Label, Project, Task, User
from labeling.services.labels import label_put
from labeling.services.media import Received, media_register
from tests import factories
from tests.web.browser import OpenPage
from tests.web.workbench.hand import Hand, only
from workers.probing import probe_next

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTH, HEIGHT = 3840, 2160


@pytest.fixture
def still(project: Project, alice: User, tmp_path: Path, valkey: object) -> Task:
    """The task of a picture of 4K."""
    path = tmp_path / "still.png"
    Image.fromarray(np.zeros((HEIGHT, WIDTH, 3), np.uint8)).save(path)
    data = path.read_bytes()
    received = Received(path=path, title="still.png", sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    media = media_register(user=alice, project=project, file=received, make_task=True).media
    assert probe_next()
    return Task.objects.get(media=media)


def test_the_brush_paints_on_a_mask_of_4k(
    page_of: OpenPage, live_server: LiveServer, still: Task, alice: User
) -> None:
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    angle = np.arctan2(y - 1080, x - 1900)
    before = np.hypot(x - 1900, y - 1080) < 900 + 90 * np.sin(40 * angle)
    shape = mask_to_bitmask(before)
    assert shape is not None
    instance = factories.make_instance(task=still, shape=ShapeKind.BITMASK, author=alice)
    label_put(user=alice, instance=instance, frame=0, shape_json=shape_to_json(shape))
    only(still, ShapeKind.BITMASK)
    bench = Hand(page_of(alice), still, width=WIDTH, height=HEIGHT)
    bench.open(f"{live_server.url}/tasks/{still.pk}/")
    bench.click((1900, 1080))
    bench.press("b")
    size = bench.page.get_by_label("Brush size in pixels")
    size.fill("200")
    size.press("Enter")
    bench.drag((400, 300), (3400, 1900))
    bench.saved()
    bench.keep("brush_4k")
    label = Label.objects.get(instance=instance)
    after = shape_to_mask(shape_unpack(bytes(label.geometry or b"")), width=WIDTH, height=HEIGHT)
    # How far from the pointer's line: all within the brush's radius is painted, nothing beyond it.
    along = np.clip(((x - 400) * 3000 + (y - 300) * 1600) / (3000**2 + 1600**2), 0, 1)
    off = np.hypot(x - 400 - 3000 * along, y - 300 - 1600 * along)
    assert after[off < 95].all()
    assert np.array_equal(after[off > 105], before[off > 105])

"""The brush on a mask of 4K: what a move costs the page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytest_django.live_server_helper import LiveServer

from labeling.geometry.masks import mask_to_bitmask
from labeling.geometry.shapes import ShapeKind
from labeling.geometry.wire import shape_to_json
from labeling.media import configured
from labeling.models import Project, Task, User
from labeling.services.labels import label_put
from labeling.services.media import Received, media_register
from tests import factories
from tests.web.browser import OpenPage
from tests.web.workbench.hand import Hand, only
from workers.probing import probe_next

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTH, HEIGHT = 3840, 2160
MOVES = 60
LIMIT_MS = 8.0

TIMED = """
window.painting = [];
const ask = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (paint) => ask((now) => {
  const before = performance.now();
  paint(now);
  window.painting.push(performance.now() - before);
});
"""
STROKE = """
async ({from, to, moves}) => {
  const stage = document.querySelector("#stage");
  const send = (type, share) => {
    const clientX = from[0] + (to[0] - from[0]) * share;
    const clientY = from[1] + (to[1] - from[1]) * share;
    const button = type === "pointermove" ? -1 : 0;
    const held = { pointerId: 1, button, buttons: 1, clientX, clientY, bubbles: true };
    const before = performance.now();
    stage.dispatchEvent(new PointerEvent(type, held));
    return performance.now() - before;
  };
  stage.setPointerCapture = () => {};
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  send("pointerdown", 0);
  await frame(); await frame();
  window.painting.length = 0;
  const moving = [];
  for (let move = 1; move <= moves; move += 1) {
    const handling = send("pointermove", move / moves);
    window.painting.length = 0;
    await frame();
    moving.push(handling + window.painting.reduce((sum, one) => sum + one, 0));
  }
  const up = send("pointerup", 1);
  return { painted: moving, up };
}
"""


@pytest.fixture
def still(project: Project, alice: User, tmp_path: Path, valkey: object) -> Iterator[Task]:
    """The task of a picture of 4K."""
    configured.forget()
    path = tmp_path / "still.png"
    Image.fromarray(np.zeros((HEIGHT, WIDTH, 3), np.uint8)).save(path)
    data = path.read_bytes()
    received = Received(path=path, title="still.png", sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    media = media_register(user=alice, project=project, file=received, make_task=True).media
    assert probe_next()
    yield Task.objects.get(media=media)
    configured.forget()


def test_a_move_of_the_brush_on_a_mask_of_4k_is_quick(
    page_of: OpenPage, live_server: LiveServer, still: Task, alice: User
) -> None:
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    angle = np.arctan2(y - 1080, x - 1900)
    shape = mask_to_bitmask(np.hypot(x - 1900, y - 1080) < 900 + 90 * np.sin(40 * angle))
    assert shape is not None
    instance = factories.make_instance(task=still, shape=ShapeKind.BITMASK, author=alice)
    label_put(user=alice, instance=instance, frame=0, shape_json=shape_to_json(shape))
    only(still, ShapeKind.BITMASK)
    bench = Hand(page_of(alice), still, width=WIDTH, height=HEIGHT)
    bench.page.add_init_script(TIMED)
    bench.open(f"{live_server.url}/tasks/{still.pk}/")
    bench.click((1900, 1080))
    bench.press("b")
    size = bench.page.get_by_label("Brush size in pixels")
    size.fill("200")
    size.press("Enter")
    stretch = {"from": bench.at((400, 300)), "to": bench.at((3400, 1900)), "moves": MOVES}
    took = bench.page.evaluate(STROKE, stretch)
    median, slow = np.percentile(took["painted"], (50, 95))
    bench.keep("brush_4k")
    bench.saved()
    assert median <= LIMIT_MS, f"median {median:.1f} ms, p95 {slow:.1f} ms"

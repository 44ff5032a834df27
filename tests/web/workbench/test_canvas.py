"""The canvas in a real Chromium: seven shapes and their marks, where the view goes, what a pointer hits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from labeling.geometry.masks import mask_to_bitmask
from labeling.geometry.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    ShapeKind,
    Skeleton,
    Visibility,
)
from labeling.models import Instance, Label, Provenance, ReviewDecision, Task, User
from tests import factories
from tests.waiting import until
from tests.web.browser import OpenPage, Scheme, TaskPage, keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenTask = Callable[[User], TaskPage]
Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


def ring(*points: tuple[float, float]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array(points, dtype=np.float64)


def disc() -> Bitmask:
    """A ring of pixels about (130, 30)."""
    rows, columns = np.mgrid[0:128, 0:160]
    away = np.hypot(columns + 0.5 - 130, rows + 0.5 - 30)
    bitmask = mask_to_bitmask((away < 18) & (away > 7))
    assert bitmask is not None
    return bitmask


SHAPES: dict[ShapeKind, Shape] = {
    ShapeKind.BOUNDING_BOX: Box(8, 14, 34, 26),
    ShapeKind.ROTATABLE_BOUNDING_BOX: RotatedBox(60, 14, 36, 20, 25),
    ShapeKind.POLYGON: Polygon(
        ((ring((8, 60), (48, 54), (52, 90), (20, 96)), ring((24, 68), (38, 66), (38, 82), (24, 82))),)
    ),
    ShapeKind.BITMASK: disc(),
    ShapeKind.POLYLINE: Polyline(ring((62, 60), (76, 74), (90, 62), (104, 80))),
    ShapeKind.KEYPOINT: Keypoint(70, 104, Visibility.OCCLUDED),
    ShapeKind.SKELETON: Skeleton(
        ring((112, 66), (126, 82), (142, 90), (148, 108)),
        (Visibility.VISIBLE, Visibility.VISIBLE, Visibility.OCCLUDED, Visibility.INVISIBLE),
    ),
}


@pytest.fixture
def seven(film_task: Task, alice: User) -> dict[ShapeKind, Instance]:
    """One object of each shape on frame 0."""
    made = {}
    for kind, shape in SHAPES.items():
        made[kind] = factories.make_instance(task=film_task, shape=kind, author=alice)
        factories.make_label(instance=made[kind], frame=0, shape=shape, author=alice)
    return made


@pytest.fixture
def painted(open_task: OpenTask, alice: User, seven: dict[ShapeKind, Instance]) -> TaskPage:
    """The workbench with the seven objects painted."""
    bench = open_task(alice)
    wait_painted(bench.page, len(seven))
    return bench


def wait_painted(page: Page, count: int) -> None:
    """Wait until so many labels are on the frame, and all is drawn."""
    rest = "!canvas.wanted && !canvas.shapes.work.busy && !canvas.masks.work.busy && !viewport.moving"
    ready = f"(({{ canvas, viewport }}) => canvas.items.length === {count} && {rest})(labelyard)"
    until(lambda: bool(page.evaluate(ready)), seconds=20, what=f"{count} painted labels")


def color_at(bench: TaskPage, layer: str, x: float, y: float) -> tuple[int, ...]:
    """What a layer has at a point of the frame: red, green, blue, alpha."""
    pixels = bench.pixels(layer)
    row, column = int(y * pixels.shape[0] / bench.height), int(x * pixels.shape[1] / bench.width)
    return tuple(int(value) for value in pixels[row, column])


def inked(pixels: Pixels, bench: TaskPage, box: Box) -> float:
    """Which share of a rectangle of the frame is opaque."""
    down, right = pixels.shape[0] / bench.height, pixels.shape[1] / bench.width
    part = pixels[
        int(box.top * down) : int((box.top + box.height) * down),
        int(box.left * right) : int((box.left + box.width) * right),
        3,
    ]
    return float((part > 150).mean())


def key_of(instance: Instance) -> str:
    return instance.object_hash


def hit(bench: TaskPage, x: float, y: float) -> str | None:
    found = bench.page.evaluate("([x, y]) => labelyard.canvas.hit(x, y)", [x, y])
    return None if found is None else str(found)


def point_under(bench: TaskPage, x: float, y: float) -> tuple[float, float]:
    """Which point of the frame lies at a point of the window."""
    found = bench.page.evaluate(
        """([x, y]) => {
          const { left, top } = document.querySelector("#stage").getBoundingClientRect();
          return labelyard.viewport.toFrame(x - left, y - top);
        }""",
        [x, y],
    )
    return float(found[0]), float(found[1])


def scale(bench: TaskPage) -> float:
    return float(bench.page.evaluate("labelyard.viewport.scale"))


def test_each_of_the_seven_shapes_is_painted_where_it_lies(painted: TaskPage) -> None:
    shapes, masks = painted.pixels("layer-shapes"), painted.pixels("layer-masks")
    lines = {
        "box": Box(8, 38, 34, 4),
        "rotated box": Box(70, 10, 14, 8),
        "polygon": Box(10, 92, 14, 6),
        "hole of the polygon": Box(22, 70, 4, 10),
        "bitmask": Box(126, 10, 8, 4),
        "polyline": Box(64, 60, 12, 14),
        "keypoint": Box(68, 102, 4, 4),
        "skeleton": Box(112, 66, 14, 16),
    }
    assert {name: inked(shapes, painted, box) > 0.01 for name, box in lines.items()} == dict.fromkeys(
        lines, True
    )
    empty = {
        "between": Box(44, 30, 10, 14),
        "inside the hole": Box(27, 70, 8, 8),
        "invisible": Box(145, 104, 8, 8),
    }
    assert {name: inked(shapes, painted, box) for name, box in empty.items()} == dict.fromkeys(empty, 0.0)
    assert color_at(painted, "layer-masks", 130, 18)[3] == 255
    assert color_at(painted, "layer-masks", 130, 30)[3] == 0, "the middle of the ring"
    assert set(np.unique(masks[..., 3])) <= {0, 255}, "a bitmask is there or not"


@pytest.fixture
def open_scheme(
    page_of: OpenPage, live_server: LiveServer, film_task: Task, alice: User
) -> Callable[[Scheme], TaskPage]:
    """Return the workbench as Alice sees it in a light or a dark window."""

    def in_scheme(scheme: Scheme) -> TaskPage:
        bench = TaskPage(page_of(alice), width=160, height=128)
        bench.page.emulate_media(color_scheme=scheme)
        bench.open(f"{live_server.url}/tasks/{film_task.pk}/")
        return bench

    return in_scheme


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_how_the_shapes_look(
    open_scheme: Callable[[Scheme], TaskPage],
    film_task: Task,
    seven: dict[ShapeKind, Instance],
    scheme: Scheme,
) -> None:
    for kind, provenance in zip(
        (ShapeKind.ROTATABLE_BOUNDING_BOX, ShapeKind.POLYLINE, ShapeKind.BITMASK),
        (Provenance.TRACKED, Provenance.INTERPOLATED, Provenance.TRACKED),
        strict=True,
    ):
        Label.objects.filter(instance=seven[kind]).update(provenance=provenance, protected=False)
    Label.objects.filter(instance=seven[ShapeKind.SKELETON]).update(occluded=True)
    for kind, decision in ((ShapeKind.BOUNDING_BOX, "accepted"), (ShapeKind.POLYGON, "rejected")):
        ReviewDecision.objects.create(
            task=film_task,
            instance=seven[kind],
            first_frame=0,
            last_frame=0,
            decision=decision,
            seq=100,
        )
    bench = open_scheme(scheme)
    wait_painted(bench.page, 7)
    keep(bench.page, f"canvas-shapes-{scheme}")
    bench.page.evaluate("keys => labelyard.select(keys)", [key_of(one) for one in seven.values()])
    wait_painted(bench.page, 7)
    keep(bench.page, f"canvas-selected-{scheme}")


def test_the_wheel_zooms_to_the_pointer_and_sideways_it_pans(painted: TaskPage) -> None:
    page = painted.page
    x, y = painted.at(120, 40)
    page.mouse.move(x, y)
    before = scale(painted)
    for _ in range(5):
        page.mouse.wheel(0, -120)
    until(lambda: scale(painted) > 2 * before, seconds=20, what="a larger scale")
    wait_painted(page, 7)
    assert point_under(painted, x, y) == pytest.approx((120, 40), abs=0.2)
    page.mouse.wheel(60, 40)
    until(lambda: point_under(painted, x, y)[0] > 121, seconds=20, what="a pan")
    wait_painted(page, 7)
    larger = scale(painted)
    assert point_under(painted, x, y) == pytest.approx((120 + 60 / larger, 40 + 40 / larger), abs=0.2)


def test_zoomed_in_all_is_sharp_again_when_the_gesture_is_over(painted: TaskPage) -> None:
    painted.page.evaluate("labelyard.viewport.fitRect({ left: 8, top: 14, width: 34, height: 26 })")
    wait_painted(painted.page, 7)
    shapes = painted.pixels("layer-shapes")
    row = shapes[int(25 * shapes.shape[0] / 128), :, 3] > 200
    changes = np.flatnonzero(np.diff(row[: shapes.shape[1] // 3].astype(int)))
    assert len(changes) == 4, "two lines"
    assert changes[1] - changes[0] <= 4, "as thin as ever"
    assert painted.page.locator("#layer-image").evaluate("one => one.style.imageRendering") == "pixelated"


@pytest.mark.parametrize("way", ["middle", "space"])
def test_the_middle_button_and_space_pan(painted: TaskPage, way: str) -> None:
    page = painted.page
    x, y = painted.at(80, 60)
    page.mouse.move(x, y)
    if way == "space":
        page.keyboard.down("Space")
    page.mouse.down(button="middle" if way == "middle" else "left")
    page.mouse.move(x + 70, y - 40, steps=4)
    page.mouse.up(button="middle" if way == "middle" else "left")
    if way == "space":
        page.keyboard.up("Space")
    wait_painted(page, 7)
    # The pointer stands on whole pixels of the screen.
    assert point_under(painted, x + 70, y - 40) == pytest.approx((80, 60), abs=0.5)
    assert page.evaluate("labelyard.selection.size") == 0, "nothing was clicked"
    assert page.evaluate("labelyard.playing") is False


def test_space_alone_over_the_frame_still_plays(painted: TaskPage) -> None:
    painted.page.mouse.move(*painted.at(80, 60))
    painted.page.keyboard.press("Space")
    until(lambda: painted.page.evaluate("labelyard.shown") > 2, seconds=20, what="frames that play")
    painted.page.keyboard.press("Space")
    until(lambda: painted.page.evaluate("labelyard.playing") is False, seconds=20, what="the end of playing")


def test_keys_fit_show_pixels_and_zoom_to_what_is_selected(
    painted: TaskPage, seven: dict[ShapeKind, Instance]
) -> None:
    page = painted.page
    page.locator("#stage").focus()
    fitted = scale(painted)
    page.keyboard.press("Shift+Digit0")
    assert scale(painted) == 1
    page.keyboard.press("Equal")
    assert scale(painted) == pytest.approx(1.25)
    page.keyboard.press("Minus")
    assert scale(painted) == pytest.approx(1)
    page.keyboard.press("KeyZ")
    assert scale(painted) == pytest.approx(fitted)
    page.evaluate("key => labelyard.select([key])", key_of(seven[ShapeKind.BOUNDING_BOX]))
    page.keyboard.press("Shift+KeyZ")
    assert scale(painted) > 2 * fitted
    box = page.locator("#stage").bounding_box()
    assert box is not None
    middle = point_under(painted, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert middle == pytest.approx((25, 27), abs=0.5)
    for _ in range(60):
        page.keyboard.press("Equal")
    assert scale(painted) == 64


def test_overlays_are_hidden_while_the_key_is_held(painted: TaskPage) -> None:
    painted.page.locator("#stage").focus()
    shapes = painted.page.locator("#layer-shapes")
    painted.page.keyboard.down("KeyQ")
    until(lambda: not shapes.is_visible(), seconds=20, what="a bare picture")
    assert painted.page.locator("#layer-image").is_visible()
    painted.page.keyboard.up("KeyQ")
    until(shapes.is_visible, seconds=20, what="labels again")


def test_a_click_means_the_smaller_of_nested_ones_the_higher_one_and_first_of_all_the_selected(
    painted: TaskPage, seven: dict[ShapeKind, Instance], film_task: Task, alice: User
) -> None:
    box = seven[ShapeKind.BOUNDING_BOX]
    around = factories.make_instance(task=film_task, author=alice)
    within = factories.make_instance(task=film_task, author=alice)
    factories.make_label(instance=within, frame=0, shape=Box(14, 20, 10, 8))
    factories.make_label(instance=around, frame=0, shape=Box(4, 10, 44, 34))
    painted.page.reload()
    wait_painted(painted.page, 9)
    assert hit(painted, 18, 24) == key_of(within)
    assert hit(painted, 30, 30) == key_of(box)
    everything = painted.page.evaluate("labelyard.canvas.hitAll(18, 24)")
    assert everything == [key_of(within), key_of(box), key_of(around)]
    painted.page.evaluate("key => labelyard.select([key])", key_of(around))
    assert hit(painted, 18, 24) == key_of(around)
    Label.objects.filter(instance=box).update(z_order=5)
    painted.page.reload()
    wait_painted(painted.page, 9)
    assert hit(painted, 18, 24) == key_of(box)


def test_what_is_hit_is_the_shape_not_its_bounds(painted: TaskPage, seven: dict[ShapeKind, Instance]) -> None:
    places: dict[tuple[float, float], ShapeKind | None] = {
        (31, 74): None,  # the hole of the polygon
        (14, 70): ShapeKind.POLYGON,
        (130, 30): None,  # the middle of the ring
        (130, 20): ShapeKind.BITMASK,
        (61, 33): None,  # outside of the turned box, inside its bounds
        (78, 24): ShapeKind.ROTATABLE_BOUNDING_BOX,
        (69, 67): ShapeKind.POLYLINE,
        (83, 60): None,
        (70, 104): ShapeKind.KEYPOINT,
        (119, 74): ShapeKind.SKELETON,
        (148, 108): None,  # the invisible vertex
    }
    found = {place: hit(painted, *place) for place in places}
    assert found == {place: None if kind is None else key_of(seven[kind]) for place, kind in places.items()}


def test_a_right_click_asks_for_the_menu_of_what_lies_there(
    painted: TaskPage, seven: dict[ShapeKind, Instance]
) -> None:
    painted.page.evaluate("labelyard.addEventListener('menu', ({ detail }) => (window.asked = detail))")
    x, y = painted.at(130, 18)
    painted.page.mouse.click(x, y, button="right")
    asked = painted.page.evaluate("asked")
    assert asked["key"] == key_of(seven[ShapeKind.BITMASK])
    assert (asked["x"], asked["y"]) == pytest.approx((x, y), abs=1)
    assert asked["point"] == pytest.approx([130, 18], abs=0.2)


def test_hidden_objects_are_neither_painted_nor_hit(
    painted: TaskPage, seven: dict[ShapeKind, Instance]
) -> None:
    keys = [key_of(seven[kind]) for kind in (ShapeKind.BITMASK, ShapeKind.BOUNDING_BOX)]
    painted.page.evaluate(
        "keys => { keys.forEach((one) => labelyard.hidden.add(one)); labelyard.tell('visible'); }", keys
    )
    wait_painted(painted.page, 5)
    assert inked(painted.pixels("layer-shapes"), painted, Box(4, 30, 40, 14)) == 0
    assert color_at(painted, "layer-masks", 130, 18)[3] == 0
    assert hit(painted, 130, 18) is None


@pytest.mark.parametrize(
    ("by", "color"), [("class", "#4363d8"), ("review", "#9db4c8"), ("confidence", "#40c8ff")]
)
def test_colours_follow_what_is_asked_for(painted: TaskPage, by: str, color: str) -> None:
    painted.page.evaluate("by => labelyard.preferences.set('color_by', by)", by)
    expected = tuple(int(color[at : at + 2], 16) for at in (1, 3, 5))
    until(lambda: color_at(painted, "layer-masks", 130, 18)[:3] == expected, seconds=20, what=by)
    keep(painted.page, f"canvas-colours-{by}")


def test_view_settings_reach_picture_and_labels(painted: TaskPage) -> None:
    page = painted.page
    for name, value in [("brightness", 1.5), ("contrast", 0.8), ("opacity", 0.9), ("show_names", False)]:
        page.evaluate("([name, value]) => labelyard.preferences.set(name, value)", [name, value])
    wait_painted(page, 7)
    image = page.locator("#layer-image").evaluate("one => one.style.filter")
    assert image == "brightness(1.5) contrast(0.8)"
    assert page.locator("#layer-masks").evaluate("one => one.style.opacity") == "0.9"
    assert inked(painted.pixels("layer-shapes"), painted, Box(8, 11, 20, 2.5)) == 0, "no name over the box"
    assert color_at(painted, "layer-shapes", 14, 60)[3] > 150, "a fuller polygon"


def test_a_draft_stands_for_its_label_and_a_ghost_beside_it(
    painted: TaskPage, seven: dict[ShapeKind, Instance]
) -> None:
    key = key_of(seven[ShapeKind.BOUNDING_BOX])
    painted.page.evaluate(
        """(key) => {
          const { object_class } = labelyard.store.instances.get(key);
          labelyard.canvas.compare = [labelyard.store.label(key, 0)];
          const shape = { left: 20, top: 100, width: 30, height: 20 };
          labelyard.setDraft({ instance: key, objectClass: object_class, frame: 0, shape });
        }""",
        key,
    )
    wait_painted(painted.page, 6)
    assert inked(painted.pixels("layer-shapes"), painted, Box(8, 34, 33, 8)) == 0
    active = painted.pixels("layer-active")
    assert inked(active, painted, Box(18, 98, 34, 24)) > 0.02
    ghost = active[int(40 * active.shape[0] / 128) - 3 : int(40 * active.shape[0] / 128) + 3, :, 3].max(
        axis=0
    )
    assert 0.2 < float((ghost[60:200] > 200).mean()) < 1.0, "dashed where it was"
    painted.page.evaluate("labelyard.setDraft(null); labelyard.canvas.compare = null")
    wait_painted(painted.page, 7)
    assert inked(painted.pixels("layer-shapes"), painted, Box(8, 38, 34, 4)) > 0.01


def test_five_hundred_polygons_are_drawn_in_slices_and_all_of_them(
    open_task: OpenTask, film_task: Task, alice: User
) -> None:
    places = [(5 + (number % 25) * 6.2, 3 + (number // 25) * 6.2) for number in range(500)]
    angles = np.linspace(0, 2 * np.pi, 100, endpoint=False)
    for place in places:
        instance = factories.make_instance(task=film_task, shape=ShapeKind.POLYGON, author=alice)
        outline = np.stack([np.cos(angles), np.sin(angles)], axis=1) * 2 + place
        factories.make_label(instance=instance, frame=0, shape=Polygon(((outline,),)))
    bench = open_task(alice)
    wait_painted(bench.page, 500)
    shapes = bench.pixels("layer-shapes")
    assert all(inked(shapes, bench, Box(x - 2.6, y - 2.6, 5.2, 5.2)) > 0.02 for x, y in places)
    keep(bench.page, "canvas-500-polygons")

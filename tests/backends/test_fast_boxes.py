"""The fast tracker follows boxes by the points in them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from labeling.geometry.boxes import box_iou
from labeling.geometry.masks import mask_to_shape, shape_to_mask
from labeling.geometry.shapes import BoolMask, Box, RotatedBox, Shape, ShapeKind
from tests.backends.scenes import Place, Scene, Thing, iou, straight
from workers.backends.base import RgbFrame, Seed, Tracked
from workers.backends.fast.tracker import FastTracker


def upright(box: RotatedBox) -> Box:
    return Box(box.left, box.top, box.width, box.height)


def tracked(scene: Scene, seed: Box | RotatedBox, frames: range) -> list[Tracked]:
    """Track from the frame before ``frames``."""
    session = FastTracker().open(scene, parameters={})
    session.seed(frame=frames.start - frames.step, seeds=[Seed(1, seed)])
    return [session.step(frame=frame)[1] for frame in frames]


@pytest.mark.parametrize("backwards", [False, True])
def test_a_box_moves_and_grows_with_its_object(backwards: bool) -> None:
    thing = Thing(straight(70, 80, 6, 3, growth=1.015), round=False)
    scene = Scene([thing])
    frames = range(22, -1, -1) if backwards else range(1, 24)
    found = tracked(scene, upright(thing.box(frames.start - frames.step)), frames)
    for frame, result in zip(frames, found, strict=True):
        assert isinstance(result.shape, Box)
        assert box_iou(result.shape, upright(thing.box(frame))) > 0.85
        assert 0.3 < result.confidence <= 1


def test_a_rotatable_box_turns_with_its_object() -> None:
    thing = Thing(straight(120, 100, 3, 1, turn=4), round=False)
    scene = Scene([thing])
    for frame, result in enumerate(tracked(scene, thing.box(0), range(1, 24)), start=1):
        assert isinstance(result.shape, RotatedBox)
        error = (result.shape.rotation - 4 * frame + 180) % 360 - 180
        assert abs(error) < 3
        truth = shape_to_mask(thing.box(frame), width=320, height=240)
        assert iou(shape_to_mask(result.shape, width=320, height=240), truth) > 0.85


def test_the_angle_of_a_rotatable_box_that_starts_turned_is_kept() -> None:
    thing = Thing(lambda frame: (120 + 4 * frame, 100, 1.0, 30.0), round=False)
    last = tracked(Scene([thing]), thing.box(0), range(1, 16))[-1].shape
    assert isinstance(last, RotatedBox)
    assert last.rotation == pytest.approx(30, abs=2)


def test_a_box_behind_a_bar_is_missing_and_found_again() -> None:
    thing = Thing(straight(60, 120, 7), width=44, height=40, round=False)
    scene = Scene([thing], length=34, occluder=(130, 200))
    found = tracked(scene, upright(thing.box(0)), range(1, 34))
    hidden = [frame for frame in range(1, 34) if not scene.truth(frame).any()]
    assert [found[frame - 1].shape for frame in hidden] == [None] * len(hidden)
    last = found[-1].shape
    assert isinstance(last, Box)
    assert box_iou(last, upright(thing.box(33))) > 0.7


def test_a_turned_box_behind_a_bar_is_found_again_at_its_angle() -> None:
    thing = Thing(lambda frame: (60 + 7.0 * frame, 120, 1.0, 35.0), width=44, height=30, round=False)
    scene = Scene([thing], length=36, occluder=(130, 200))
    found = tracked(scene, thing.box(0), range(1, 36))
    hidden = [frame for frame in range(1, 36) if not scene.truth(frame).any()]
    assert found[hidden[-1] - 1].shape is None
    last = found[-1].shape
    assert isinstance(last, RotatedBox)
    truth = shape_to_mask(thing.box(35), width=320, height=240)
    assert iou(shape_to_mask(last, width=320, height=240), truth) > 0.7


def test_a_box_at_the_edge_is_cut_and_beyond_it_missing() -> None:
    thing = Thing(straight(240, 120, 8), round=False)
    found = tracked(Scene([thing]), upright(thing.box(0)), range(1, 24))
    shapes = [result.shape for result in found]
    assert all(shape.left + shape.width <= 320 for shape in shapes if isinstance(shape, Box))
    assert shapes[-1] is None


def test_a_box_that_slipped_off_is_less_sure_than_one_that_holds() -> None:
    """The thing jumps away between two frames; what stays in the box is background."""

    def course(frame: int) -> Place:
        return (80.0 + frame, 80, 1.0, 0.0) if frame < 6 else (230.0, 180, 1.0, 0.0)

    thing = Thing(course, width=60, height=50, round=False)
    found = tracked(Scene([thing], length=12), upright(thing.box(0)), range(1, 12))
    assert min(result.confidence for result in found[:5]) > 0.8
    for frame, result in enumerate(found[5:], start=6):
        away = isinstance(result.shape, Box) and box_iou(result.shape, upright(thing.box(frame))) < 0.5
        assert not away or result.confidence < 0.5


def test_a_box_over_a_flat_picture_is_missing_rather_than_guessed() -> None:
    class Flat(Scene):
        def read_rgb(self, frame: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
            return np.full((self.height, self.width, 3), 90, np.uint8)

    found = tracked(Flat([]), Box(50, 50, 60, 40), range(1, 4))
    assert [(result.shape, result.confidence) for result in found] == [(None, 0.0)] * 3


def test_a_resumed_pass_of_boxes_equals_the_undisturbed_one() -> None:
    def course(frame: int) -> Place:
        return 70 + 8.0 * frame, 120, 1.0, 2.0 * frame

    thing = Thing(course, width=44, height=40, round=False)
    scene = Scene([thing], occluder=(150, 215))
    tracker = FastTracker()
    undisturbed = tracker.open(scene, parameters={})
    undisturbed.seed(frame=0, seeds=[Seed(1, upright(thing.box(0))), Seed(2, thing.box(0))])
    expected, checkpoints = [], {0: undisturbed.checkpoint()}
    for frame in range(1, 24):
        expected.append(undisturbed.step(frame=frame))
        # Before, behind and after the bar.
        if frame in (3, 14):
            checkpoints[frame] = undisturbed.checkpoint()
    for stop, checkpoint in checkpoints.items():
        resumed = tracker.resume(scene, checkpoint, parameters={})
        assert [resumed.step(frame=frame) for frame in range(stop + 1, 24)] == expected[stop:]
        assert resumed.checkpoint() == undisturbed.checkpoint()


def test_a_box_follows_what_changes_its_form() -> None:
    """Points alone lose a thing that gets longer one way only and turns over; its mask goes along."""

    class Folding(Thing):
        def draw(self, canvas: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], frame: int) -> BoolMask:
            wide = 1 + 0.5 * np.sin(frame / 4)
            picture = cv2.resize(self._picture, None, fx=wide, fy=1 / wide)
            alpha = cv2.resize(self._alpha, None, fx=wide, fy=1 / wide) > 127
            rows, columns = picture.shape[:2]
            x, y = 120 + 3 * frame - columns // 2, 120 - rows // 2
            place = slice(y, y + rows), slice(x, x + columns)
            canvas[place][alpha] = picture[alpha]
            mask = np.zeros(canvas.shape[:2], np.bool_)
            mask[place] = alpha
            return mask

    scene = Scene([Folding(lambda frame: None)], length=24)
    boxes = [mask_to_shape(scene.truth(frame), ShapeKind.BOUNDING_BOX) for frame in range(24)]
    assert isinstance(boxes[0], Box)
    found = tracked(scene, boxes[0], range(1, 24))
    pairs = zip(found, boxes[1:], strict=True)
    overlaps = [
        box_iou(result.shape, box) if isinstance(result.shape, Box) and isinstance(box, Box) else 0.0
        for result, box in pairs
    ]
    assert np.mean(overlaps) > 0.75


@pytest.mark.parametrize("degrees", [2.0, -5.0])
def test_the_angle_of_a_rotatable_box_follows_the_object_and_not_the_background(degrees: float) -> None:
    thing = Thing(straight(120, 100, 2, 1, turn=degrees), width=90, height=60, round=False)
    found = tracked(Scene([thing]), thing.box(0), range(1, 24))
    errors = [
        abs((result.shape.rotation - degrees * frame + 180) % 360 - 180)
        for frame, result in enumerate(found, start=1)
        if isinstance(result.shape, RotatedBox)
    ]
    assert len(errors) == 23
    assert np.mean(errors) < 1


class Ramps:
    """A red thing on grey ground, both brighter from left to right; it leaves to the left."""

    width, height = 320, 240

    def __len__(self) -> int:
        return 30

    def left(self, frame: int) -> int:
        return 150 - 14 * frame

    def read_rgb(self, frame: int) -> RgbFrame:
        ramp = np.linspace(60, 200, self.width)[None, :, None]
        grain = np.random.default_rng(7).normal(0, 2, (self.height, self.width, 1))
        picture = np.repeat(ramp + grain, 3, axis=2)
        columns = np.arange(self.width)
        inside = (columns >= self.left(frame)) & (columns < self.left(frame) + 90)
        shade = 60 + 140 * (columns[inside] - self.left(frame)) / 90
        texture = np.random.default_rng(8).normal(0, 14, (60, 90))[:, 90 - inside.sum() :]
        picture[90:150, inside] = (shade + texture)[..., None] * np.array([1.0, 0.35, 0.3])
        return np.clip(picture, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("turned", [False, True])
def test_ground_that_looks_alike_is_not_taken_for_an_object_that_left(turned: bool) -> None:
    scene = Ramps()
    session = FastTracker().open(scene, parameters={})
    shape: Shape = RotatedBox(150, 90, 90, 60, 0) if turned else Box(150, 90, 90, 60)
    session.seed(frame=0, seeds=[Seed(1, shape)])
    found = [session.step(frame=frame)[1].shape for frame in range(1, 30)]
    assert None not in found[:8]
    gone = [shape for frame, shape in enumerate(found, start=1) if scene.left(frame) + 90 <= 0]
    assert gone == [None] * 12

"""The classical segmenter answers clicks and boxes on pictures whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from labeling.geometry.masks import mask_bounds
from labeling.geometry.shapes import BoolMask, Box, Points
from tests.backends.scenes import Scene, Thing, iou
from tools.score_clicks import Sample, course_of
from workers.backends.base import BackendError, RgbFrame
from workers.backends.classical import embedding as remembered
from workers.backends.classical.clicker import ClassicalClicker
from workers.backends.classical.window import SIDE

WIDTH, HEIGHT = 320, 240
NO_POINTS = np.zeros((0, 2)), np.zeros(0, np.bool_)


def scene_with(*things: Thing) -> tuple[RgbFrame, list[BoolMask]]:
    scene = Scene(list(things), length=1, width=WIDTH, height=HEIGHT)
    return scene.read_rgb(0), [scene.truth(0, number) for number in range(len(things))]


def at(x: float, y: float, *, colour: tuple[int, int, int] = (190, 90, 70), scale: float = 1.0) -> Thing:
    return Thing(lambda frame: (x, y, scale, 0.0), colour=colour)


def box_of(mask: BoolMask) -> Box:
    bounds = mask_bounds(mask)
    assert bounds is not None
    return Box(*map(float, bounds))


def clicks(*points: tuple[float, float, bool]) -> tuple[Points, NDArray[np.bool_]]:
    return np.array([point[:2] for point in points], float), np.array([point[2] for point in points])


def answer(rgb: RgbFrame, prompt: tuple[Points, NDArray[np.bool_]], box: Box | None = None) -> BoolMask:
    clicker = ClassicalClicker()
    points, include = prompt
    return clicker.segment(clicker.open(rgb), points=points, include=include, box=box).mask


def test_a_box_becomes_the_mask_of_what_is_in_it() -> None:
    rgb, (truth,) = scene_with(at(150, 120))
    assert iou(answer(rgb, NO_POINTS, box_of(truth)), truth) > 0.85


def test_one_click_finds_the_thing_that_was_clicked_on_and_no_other() -> None:
    rgb, truths = scene_with(at(80, 120), at(230, 120, colour=(60, 70, 190)))
    for x, truth in ((80, truths[0]), (230, truths[1])):
        assert iou(answer(rgb, clicks((x, 120, True))), truth) > 0.75


def test_what_is_excluded_goes_and_what_is_included_stays() -> None:
    rgb, (left, right) = scene_with(at(120, 120), at(200, 120))
    both = box_of(left | right)
    together = answer(rgb, NO_POINTS, both)
    apart = answer(rgb, clicks((200.0, 120.0, False)), both)
    assert together[120, 200]
    assert not apart[120, 200]
    assert iou(apart, left) > iou(together, left)


def test_clicks_of_the_robot_bring_the_mask_nearer_to_the_truth() -> None:
    # An object of two colours: one click cannot know that the other half belongs to it.
    rgb, (red, blue) = scene_with(at(130, 120), at(180, 120, colour=(60, 70, 190)))
    sample = Sample("two colours", rgb, red | blue)
    course = course_of(ClassicalClicker(), sample, clicks=3, with_box=False)
    assert course.overlaps[0] < 0.75
    assert course.overlaps[-1] > 0.85


def test_the_answer_is_the_same_with_and_without_the_memory_of_earlier_points() -> None:
    rgb, (truth,) = scene_with(at(150, 120))
    points, include = clicks((150, 120, True), (60, 60, False), (170, 125, True))
    clicker = ClassicalClicker()
    warm = clicker.open(rgb)
    for count in range(4):
        step = clicker.segment(warm, points=points[:count], include=include[:count], box=box_of(truth))
    cold = clicker.segment(clicker.open(rgb), points=points, include=include, box=box_of(truth))
    assert np.array_equal(step.mask, cold.mask)
    assert step.confidence == cold.confidence


def test_memory_does_not_grow_with_the_number_of_prompts(monkeypatch: pytest.MonkeyPatch) -> None:
    rgb, _ = scene_with(at(150, 120))
    clicker = ClassicalClicker()
    embedding = clicker.open(rgb)
    monkeypatch.setattr(remembered, "_DRAFTS", 4)
    before = embedding.nbytes
    for size in range(20, 30):
        clicker.segment(embedding, points=NO_POINTS[0], include=NO_POINTS[1], box=Box(100, 90, size, size))
    assert embedding.nbytes == before
    assert len(embedding._drafts) * 4 * SIDE * SIDE + rgb.nbytes <= before


def test_a_prompt_that_says_nowhere_where_the_object_is_is_refused() -> None:
    rgb, _ = scene_with(at(150, 120))
    with pytest.raises(BackendError, match="include a point"):
        answer(rgb, clicks((20, 20, False)))
    with pytest.raises(BackendError, match="covers nothing"):
        answer(rgb, NO_POINTS, Box(WIDTH + 5, 10, 20, 20))


def test_a_box_that_reaches_out_of_the_picture_is_cut_to_it() -> None:
    rgb, (truth,) = scene_with(at(10, 120, scale=1.5))
    mask = answer(rgb, NO_POINTS, Box(-40, 80, 110, 80))
    assert mask.shape == truth.shape
    assert iou(mask, truth) > 0.6


@pytest.mark.parametrize("size", [(1, 1), (2, 7), (9, 3)])
def test_tiny_pictures_are_answered(size: tuple[int, int]) -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (*size, 3)).astype(np.uint8)
    mask = answer(rgb, clicks((0.5, 0.5, True)))
    assert mask.shape == size
    assert mask[0, 0]


places = st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1), st.booleans())


@settings(max_examples=12, deadline=None)
@given(
    points=st.lists(places, min_size=1, max_size=4, unique_by=lambda p: (p[0] // 40, p[1] // 40)),
    boxed=st.booleans(),
)
def test_the_mask_obeys_every_point(points: list[tuple[int, int, bool]], boxed: bool) -> None:
    rgb, (truth,) = scene_with(at(150, 120))
    points = [
        point for point in points if all(_apart(point, other) for other in points if other is not point)
    ]
    if not boxed and not any(included for _, _, included in points):
        return
    prompt = clicks(*((x + 0.5, y + 0.5, included) for x, y, included in points)) if points else NO_POINTS
    mask = answer(rgb, prompt, box_of(truth) if boxed else None)
    assert [bool(mask[y, x]) for x, y, _ in points] == [included for _, _, included in points]


def _apart(one: tuple[int, int, bool], other: tuple[int, int, bool]) -> bool:
    """Whether two points are so far apart that neither lies in what the other makes certain."""
    return max(abs(one[0] - other[0]), abs(one[1] - other[1])) > 24

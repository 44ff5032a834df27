"""Windows, ways and looks of the classical segmenter, each against a plain way of computing it."""

from __future__ import annotations

import heapq

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeling.geometry.shapes import Box
from workers.backends.classical.arrays import Floats, Mask
from workers.backends.classical.geodesic import Terrain
from workers.backends.classical.look import Look
from workers.backends.classical.window import SIDE, Window, window_around


def shortest_ways(colour: Floats, sources: Mask, *, pixel: float) -> Floats:
    """Dijkstra over the eight neighbours."""
    height, width = sources.shape
    far = np.where(sources, 0.0, np.inf)
    queue = [(0.0, row, column) for row, column in zip(*np.nonzero(sources), strict=True)]
    heapq.heapify(queue)
    while queue:
        way, row, column = heapq.heappop(queue)
        if way > far[row, column]:
            continue
        for down in (-1, 0, 1):
            for across in (-1, 0, 1):
                y, x = row + down, column + across
                if (down or across) and 0 <= y < height and 0 <= x < width:
                    step = pixel * np.hypot(down, across) + np.linalg.norm(colour[y, x] - colour[row, column])
                    if way + step < far[y, x]:
                        far[y, x] = way + step
                        heapq.heappush(queue, (way + step, y, x))
    return far.astype(np.float32)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31), height=st.integers(1, 9), width=st.integers(1, 9))
def test_ways_are_the_shortest_after_enough_scans(seed: int, height: int, width: int) -> None:
    rng = np.random.default_rng(seed)
    colour = rng.normal(size=(height, width, 3)).astype(np.float32)
    sources = np.zeros((height, width), np.bool_)
    sources[rng.integers(height), rng.integers(width)] = True
    terrain = Terrain(colour, pixel=0.3)
    truth = shortest_ways(colour, sources, pixel=0.3)
    assert np.allclose(terrain.distance(sources, rounds=height * width), truth, atol=1e-3)
    assert (terrain.distance(sources) >= truth - 1e-3).all()


def test_an_edge_is_a_long_way() -> None:
    colour = np.zeros((20, 20, 1), np.float32)
    colour[:, 10:] = 5
    sources = np.zeros((20, 20), np.bool_)
    sources[10, 0] = True
    far = Terrain(colour, pixel=0.01).distance(sources)
    assert far[:, :10].max() < 1
    assert far[:, 10:].min() > 5


@given(
    left=st.floats(-50, 300),
    top=st.floats(-50, 200),
    width=st.floats(1, 300),
    height=st.floats(1, 300),
    points=st.lists(st.tuples(st.floats(0, 320), st.floats(0, 240)), max_size=4),
)
def test_a_window_holds_its_box_and_its_points(
    left: float, top: float, width: float, height: float, points: list[tuple[float, float]]
) -> None:
    places = np.array(points, float).reshape(-1, 2)
    window = window_around(Box(left, top, width, height), places)
    held = np.concatenate([places, [[left, top], [left + width, top + height]]])
    inside = window.inwards(held)
    assert (inside > 0).all()
    assert (inside < SIDE).all()


@pytest.mark.parametrize(
    "window", [Window(20, 10, 128, 128), Window(-30, -20, 100, 90), Window(200, 150, 256, 256)]
)
def test_a_mask_of_a_window_lies_in_the_picture_where_the_window_does(window: Window) -> None:
    rows, columns = np.mgrid[:240, :320]
    truth = (columns >= window.left + window.width // 4) & (columns < window.left + 3 * window.width // 4)
    truth &= (rows >= window.top + window.height // 4) & (rows < window.top + 3 * window.height // 4)
    soft = np.zeros((SIDE, SIDE), np.float32)
    soft[SIDE // 4 : 3 * SIDE // 4, SIDE // 4 : 3 * SIDE // 4] = 1
    mask = window.spread(soft, width=320, height=240)
    assert (mask & truth).sum() > 0.95 * (mask | truth).sum()


def test_what_moves_to_another_window_stays_where_it_is_in_the_picture() -> None:
    soft = np.zeros((SIDE, SIDE), np.float32)
    soft[40:90, 30:100] = 1
    old, new = Window(20, 10, 128, 128), Window(0, 0, 200, 180)
    before = old.spread(soft, width=320, height=240)
    after = new.spread(new.moved_in(soft, old), width=320, height=240)
    assert (before & after).sum() > 0.95 * (before | after).sum()


def test_a_look_tells_two_textures_apart_from_a_few_labelled_pixels() -> None:
    rng = np.random.default_rng(3)
    truth = np.zeros((SIDE, SIDE), np.bool_)
    truth[30:100, 40:90] = True
    features = (rng.normal(size=(SIDE, SIDE, 15)) * 0.3 + truth[..., None] * 0.5).astype(np.float32)
    rows, columns = np.mgrid[:SIDE, :SIDE].astype(np.float32) / (SIDE / 2) - 1
    weights = (rng.random((SIDE, SIDE)) < 0.05).astype(np.float32)
    look = Look(features, np.dstack([columns, rows]))
    found = look.evidence(np.where(truth, 1, -1).astype(np.float32), weights) > 0
    unseen = weights == 0
    assert (found == truth)[unseen].mean() > 0.95


def test_a_look_without_two_sides_says_nothing() -> None:
    look = Look(np.zeros((SIDE, SIDE, 15), np.float32), np.zeros((SIDE, SIDE, 2), np.float32))
    ones = np.ones((SIDE, SIDE), np.float32)
    assert not look.evidence(ones, ones).any()

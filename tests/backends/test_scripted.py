"""The scripted tracker follows its script, whatever the pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.geometry.shapes import Box, Shape
from tests.backends.shapes import HEIGHT, WIDTH, StillFrames, any_shape, every_kind
from workers.backends.base import BackendError, Seed, Tracked
from workers.backends.scripted import ScriptedSession, ScriptedTracker
from workers.backends.state import state_pack

speed = st.floats(-9, 9)
spans = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 9)).map(lambda s: [s[0], s[0] + s[1]]), max_size=3
)
scripts = st.fixed_dictionaries({"dx": speed, "dy": speed, "missing": spans, "confidence": st.floats(0, 1)})


def opened(**script: object) -> ScriptedSession:
    return ScriptedTracker().open(StillFrames(), parameters={"script": script})


def same(first: Shape | None, second: Shape | None) -> bool:
    """Equal bit for bit (arrays have no equality of their own)."""
    return state_pack(first, version="") == state_pack(second, version="")


def walked(session: ScriptedSession, frames: range) -> list[Mapping[int, Tracked]]:
    return [session.step(frame=frame) for frame in frames]


@pytest.mark.parametrize("shape", every_kind(), ids=lambda shape: type(shape).__name__)
def test_every_kind_of_shape_moves_by_the_script(shape: Shape) -> None:
    session = opened(dx=3, dy=-2)
    session.seed(frame=5, seeds=[Seed(1, shape)])
    moved = session.step(frame=6)[1].shape
    expected = next(s for s in every_kind(left=103.0, top=78.0) if type(s) is type(shape))
    assert same(moved, expected)


def test_an_object_moves_against_its_speed_on_the_way_back() -> None:
    session = opened(dx=3)
    session.seed(frame=5, seeds=[Seed(1, Box(100, 80, 20, 20))])
    assert session.step(frame=4)[1].shape == Box(97, 80, 20, 20)


def test_an_object_stops_at_the_edge_of_the_picture() -> None:
    session = opened(dx=-60, dy=90)
    session.seed(frame=0, seeds=[Seed(1, Box(100, 80, 20, 30))])
    assert walked(session, range(1, 4))[-1][1].shape == Box(0, HEIGHT - 30, 20, 30)


def test_a_missing_span_has_no_shape_and_no_confidence() -> None:
    session = opened(dx=1, missing=[[2, 3]], confidence=0.7)
    session.seed(frame=0, seeds=[Seed(1, Box(100, 80, 20, 20))])
    found = [step[1] for step in walked(session, range(1, 5))]
    assert [(tracked.shape is None, tracked.confidence) for tracked in found] == [
        (False, 0.7),
        (True, 0.0),
        (True, 0.0),
        (False, 0.7),
    ]


def test_confidence_is_linear_between_its_points() -> None:
    session = opened(confidence=[[0, 1.0], [4, 0.5]])
    session.seed(frame=0, seeds=[Seed(1, Box(100, 80, 20, 20))])
    assert [step[1].confidence for step in walked(session, range(1, 6))] == [0.875, 0.75, 0.625, 0.5, 0.5]


def test_one_object_may_have_its_own_motion() -> None:
    session = opened(dx=1, objects={"7": {"dx": -2}})
    session.seed(frame=0, seeds=[Seed(1, Box(100, 80, 20, 20)), Seed(7, Box(200, 80, 20, 20))])
    found = session.step(frame=1)
    assert (found[1].shape, found[7].shape) == (Box(101, 80, 20, 20), Box(198, 80, 20, 20))


def test_a_key_frame_seeds_anew() -> None:
    session = opened(dx=1)
    session.seed(frame=0, seeds=[Seed(1, Box(100, 80, 20, 20))])
    walked(session, range(1, 4))
    session.seed(frame=3, seeds=[Seed(1, Box(10, 10, 30, 30))])
    assert session.step(frame=4)[1].shape == Box(11, 10, 30, 30)


def test_a_dropped_object_is_followed_no_longer() -> None:
    session = opened(dx=1)
    session.seed(frame=0, seeds=[Seed(1, Box(100, 80, 20, 20)), Seed(2, Box(0, 0, 20, 20))])
    session.drop(object_id=1)
    assert set(session.step(frame=1)) == {2}


def test_the_script_can_end_the_pass_with_an_error() -> None:
    session = opened(fail_at=2)
    session.seed(frame=0, seeds=[Seed(1, Box(100, 80, 20, 20))])
    session.step(frame=1)
    with pytest.raises(BackendError, match="fails on frame 2"):
        session.step(frame=2)


def test_frames_are_read_when_the_script_asks_for_it() -> None:
    frames = StillFrames()
    session = ScriptedTracker().open(frames, parameters={"script": {"read_frames": True}})
    session.seed(frame=0, seeds=[Seed(1, Box(100, 80, 20, 20))])
    walked(session, range(1, 4))
    assert frames.read == [1, 2, 3]


def test_a_frame_that_was_passed_is_refused() -> None:
    session = opened()
    session.seed(frame=0, seeds=[Seed(1, Box(100, 80, 20, 20))])
    session.step(frame=1)
    for frame in (0, 1):
        with pytest.raises(BackendError, match=f"from frame 1 to frame {frame}"):
            session.step(frame=frame)


@pytest.mark.parametrize(
    "script",
    [
        {"dx": "fast"},
        {"dx": float("nan")},
        {"dx": True},
        {"missing": [[5, 2]]},
        {"missing": [3]},
        {"confidence": 2},
        {"confidence": []},
        {"confidence": [[4, 0.1], [2, 0.2]]},
        {"delay_seconds": -1},
        {"fail_at": -2},
        {"speed": 3},
        {"objects": {"car": {}}},
        {"objects": {"1": {"fail_at": 3}}},
        [],
    ],
)
def test_a_script_that_makes_no_sense_is_refused(script: Any) -> None:
    with pytest.raises(BackendError, match=r"\.$"):
        ScriptedTracker().open(StillFrames(), parameters={"script": script})


@given(shape=any_shape, script=scripts, start=st.integers(0, 30), forwards=st.booleans())
def test_the_result_depends_on_seed_frame_and_script_alone(
    shape: Shape, script: dict[str, Any], start: int, forwards: bool
) -> None:
    """A second pass that also saw another seed before, and another object, ends the same."""
    direction = 1 if forwards else -1
    frames = range(start, start + direction * 8, direction)
    plain = opened(**script)
    plain.seed(frame=frames[3], seeds=[Seed(1, shape)])
    busy = opened(**script)
    busy.seed(frame=frames[0], seeds=[Seed(1, Box(1, 1, 9, 9)), Seed(2, Box(50, 50, 9, 9))])
    for frame in frames[1:4]:
        busy.step(frame=frame)
    busy.seed(frame=frames[3], seeds=[Seed(1, shape)])
    for frame in frames[4:]:
        one, other = plain.step(frame=frame)[1], busy.step(frame=frame)[1]
        assert one.confidence == other.confidence
        assert same(one.shape, other.shape)


@given(shape=any_shape, script=scripts, stop=st.integers(0, 11))
def test_a_resumed_pass_ends_as_the_undisturbed_one(shape: Shape, script: dict[str, Any], stop: int) -> None:
    undisturbed = opened(**script)
    undisturbed.seed(frame=0, seeds=[Seed(1, shape)])
    expected = walked(undisturbed, range(1, 13))
    stopped = opened(**script)
    stopped.seed(frame=0, seeds=[Seed(1, shape)])
    walked(stopped, range(1, stop + 1))
    resumed = ScriptedTracker().resume(StillFrames(), stopped.checkpoint(), parameters={"script": script})
    found = walked(resumed, range(stop + 1, 13))
    assert resumed.checkpoint() == undisturbed.checkpoint()
    for one, other in zip(found, expected[stop:], strict=True):
        assert same(one[1].shape, other[1].shape)


@given(shape=any_shape, dx=st.floats(-400, 400), dy=st.floats(-400, 400))
def test_a_shape_never_leaves_the_picture(shape: Shape, dx: float, dy: float) -> None:
    session = opened(dx=dx, dy=dy)
    session.seed(frame=0, seeds=[Seed(1, shape)])
    moved = session.step(frame=1)[1].shape
    points = getattr(moved, "points", None)
    if isinstance(moved, Box):
        points = np.array([[moved.left, moved.top], [moved.left + moved.width, moved.top + moved.height]])
    if points is not None:
        assert points.min() >= -1e-9
        assert (points <= np.array([WIDTH, HEIGHT]) + 1e-9).all()

"""Polylines, keypoints and skeletons are followed point by point; what is lost is marked."""

from __future__ import annotations

import numpy as np
import pytest

from labeling.geometry.shapes import BoolMask, Keypoint, Points, Polyline, Shape, Skeleton, Visibility
from tests.backends.scenes import Place, Scene, Thing, straight
from workers.backends.base import RgbFrame, Seed, Tracked
from workers.backends.fast.track import Transition
from workers.backends.fast.tracker import FastTracker
from workers.backends.fast.view import FrameView
from workers.backends.points.company import MOST_FOLLOWED, leaders
from workers.backends.points.track import PointTrack

CORNERS = np.array([[-24, -14], [24, -14], [24, 14], [-24, 14], [0, 0]], np.float64)
SEEN, HIDDEN, LOST = Visibility.VISIBLE, Visibility.OCCLUDED, Visibility.INVISIBLE


def truth(thing: Thing, frame: int, points: Points = CORNERS) -> Points:
    """Where points of the thing (relative to its middle) are on a frame."""
    place = thing.course(frame)
    assert place is not None
    x, y, scale, turn = place
    angle = np.radians(turn)
    turned = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray(np.array([x, y]) + scale * points @ turned, np.float64)


def skeleton(points: Points, *visibility: Visibility) -> Skeleton:
    return Skeleton(points, visibility or (SEEN,) * len(points))


def tracked(scene: Scene, seed: Shape, frames: range) -> list[Tracked]:
    """Track from the frame before ``frames``."""
    session = FastTracker().open(scene, parameters={})
    session.seed(frame=frames.start - frames.step, seeds=[Seed(1, seed)])
    return [session.step(frame=frame)[1] for frame in frames]


def errors(found: Tracked, places: Points) -> list[float]:
    """How far the vertices are from their true places, in pixels."""
    assert isinstance(found.shape, Skeleton | Polyline)
    return [float(one) for one in np.linalg.norm(found.shape.points - places, axis=1)]


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("kind", [Polyline, skeleton])
def test_vertices_move_turn_and_grow_with_their_object(kind: type[Polyline], backwards: bool) -> None:
    thing = Thing(straight(110, 90, 4, 2, growth=1.01, turn=3), width=80, height=60, round=False)
    scene = Scene([thing])
    frames = range(22, -1, -1) if backwards else range(1, 24)
    for frame, found in zip(
        frames, tracked(scene, kind(truth(thing, frames.start - frames.step)), frames), strict=True
    ):
        assert max(errors(found, truth(thing, frame))) < 1
        assert 0.5 < found.confidence <= 1


def test_a_keypoint_goes_with_what_it_is_on_and_keeps_its_kind() -> None:
    thing = Thing(straight(80, 90, 5, 2), round=False)
    for frame, found in enumerate(tracked(Scene([thing]), Keypoint(80, 90), range(1, 24)), start=1):
        assert isinstance(found.shape, Keypoint)
        assert found.shape.visibility is SEEN
        assert np.hypot(found.shape.x - 80 - 5 * frame, found.shape.y - 90 - 2 * frame) < 1


def behind_the_bar(points: Points, bar: tuple[int, int], margin: float) -> BoolMask:
    """Which points are behind the bar, and at least so far from its edges."""
    return np.asarray((points[:, 0] > bar[0] + margin) & (points[:, 0] < bar[1] - margin))


def test_a_vertex_behind_something_is_marked_and_found_again() -> None:
    thing = Thing(straight(90, 120, 4), width=80, height=60, round=False)
    bar = (150, 176)
    scene = Scene([thing], length=40, occluder=bar)
    results = tracked(scene, skeleton(truth(thing, 0)), range(1, 40))
    for frame, found in enumerate(results, start=1):
        places = truth(thing, frame)
        assert isinstance(found.shape, Skeleton)
        marked = np.array([seen is LOST for seen in found.shape.visibility])
        assert marked[behind_the_bar(places, bar, 4)].all()
        seen = np.array(errors(found, places))[~marked]
        assert (seen < 1.5).all()
    assert isinstance(results[-1].shape, Skeleton)
    assert results[-1].shape.visibility == (SEEN,) * 5


def test_a_lost_vertex_is_marked_where_the_others_say_it_is() -> None:
    thing = Thing(straight(90, 120, 4, turn=1), width=80, height=60, round=False)
    scene = Scene([thing], length=24, occluder=(150, 176))
    for frame, found in enumerate(tracked(scene, skeleton(truth(thing, 0)), range(1, 24)), start=1):
        assert max(errors(found, truth(thing, frame))) < 6


def test_an_object_whose_points_are_all_lost_is_missing_and_comes_back() -> None:
    thing = Thing(straight(60, 120, 7), width=44, height=40, round=False)
    scene = Scene([thing], length=34, occluder=(130, 200))
    points = np.array([[-12, -8], [10, 6]], np.float64)
    found = tracked(scene, Polyline(truth(thing, 0, points)), range(1, 34))
    hidden = [frame for frame in range(1, 34) if not scene.truth(frame).any()]
    assert [found[frame - 1].shape for frame in hidden] == [None] * len(hidden)
    assert [found[frame - 1].confidence for frame in hidden] == [0.0] * len(hidden)
    assert max(errors(found[-1], truth(thing, 33, points))) < 1.5


def test_vertices_beyond_the_edge_are_lost_and_stay_in_the_picture() -> None:
    thing = Thing(straight(250, 120, 4), width=80, height=60, round=False)
    last = tracked(Scene([thing]), Polyline(truth(thing, 0)), range(1, 14))[-1].shape
    assert isinstance(last, Polyline)
    assert last.visibility == (SEEN, LOST, LOST, SEEN, SEEN)
    assert last.points.max() <= 320


def test_a_vertex_that_the_seed_does_not_show_goes_along_and_stays_as_it_is() -> None:
    thing = Thing(straight(110, 90, 4, 2, turn=2), width=80, height=60, round=False)
    visibility = (SEEN, HIDDEN, SEEN, LOST, Visibility.SELF_OCCLUDED)
    results = tracked(Scene([thing]), skeleton(truth(thing, 0), *visibility), range(1, 20))
    for frame, found in enumerate(results, start=1):
        assert isinstance(found.shape, Skeleton)
        assert found.shape.visibility == visibility
        assert max(errors(found, truth(thing, frame))) < 3


def test_an_object_none_of_whose_vertices_is_shown_is_missing() -> None:
    thing = Thing(straight(110, 90, 4), round=False)
    (found,) = tracked(Scene([thing]), Keypoint(110, 90, HIDDEN), range(1, 2))
    assert found == Tracked(shape=None, confidence=0.0)


def test_points_on_a_flat_picture_are_missing_rather_than_guessed() -> None:
    class Flat(Scene):
        def read_rgb(self, frame: int) -> RgbFrame:
            return np.full((self.height, self.width, 3), 90, np.uint8)

    found = tracked(Flat([]), Polyline(CORNERS + 100), range(1, 4))
    assert [one.shape for one in found] == [None] * 3


def test_a_jump_to_something_else_is_a_loss() -> None:
    """The thing is gone between two frames; what is there now is background."""

    def course(frame: int) -> Place | None:
        return (120.0 + frame, 110, 1.0, 0.0) if frame < 6 else None

    thing = Thing(course, width=90, height=70, round=False)
    found = tracked(Scene([thing], length=12), skeleton(truth(thing, 0)), range(1, 12))
    assert all(one.shape is not None for one in found[:5])
    assert [one.shape for one in found[5:]] == [None] * 6


def test_points_off_the_mask_of_another_tracker_are_lost() -> None:
    thing = Thing(straight(120, 100, 3), width=80, height=60, round=False)
    scene = Scene([thing])
    views = [FrameView(scene.read_rgb(frame), frame=frame) for frame in range(2)]
    for support, expected in ((scene.truth(1), (SEEN,) * 5), (np.zeros((240, 320), np.bool_), None)):
        track = PointTrack.from_seed(skeleton(truth(thing, 0)), views[0])
        shape = track.step(Transition(views[0], views[1], 0), support=support).shape
        assert (shape.visibility if isinstance(shape, Skeleton) else shape) == expected


def test_an_object_is_followed_as_if_it_were_alone() -> None:
    things = [Thing(straight(70, 70, 4), round=False), Thing(straight(200, 170, -3), seed=2, round=False)]
    scene = Scene(things)
    seeds = [Seed(number, Polyline(truth(thing, 0))) for number, thing in enumerate(things)]
    together = FastTracker().open(scene, parameters={})
    together.seed(frame=0, seeds=seeds)
    alone = FastTracker().open(scene, parameters={})
    alone.seed(frame=0, seeds=seeds[1:])
    for frame in range(1, 8):
        one, other = together.step(frame=frame)[1], alone.step(frame=frame)[1]
        assert one.confidence == other.confidence
        assert isinstance(one.shape, Polyline)
        assert isinstance(other.shape, Polyline)
        np.testing.assert_array_equal(one.shape.points, other.shape.points)


@pytest.mark.parametrize("stop", [0, 3, 14])
def test_a_resumed_pass_of_points_equals_the_undisturbed_one(stop: int) -> None:
    thing = Thing(straight(70, 120, 6, turn=1.5), width=60, height=50, round=False)
    scene = Scene([thing], occluder=(140, 170))
    seeds = [
        Seed(1, skeleton(truth(thing, 0))),
        Seed(2, Keypoint(70, 120)),
        Seed(3, Polyline(truth(thing, 0))),
    ]
    tracker = FastTracker()
    undisturbed, stopped = (tracker.open(scene, parameters={}) for _ in range(2))
    for session in (undisturbed, stopped):
        session.seed(frame=0, seeds=seeds)
    for frame in range(1, stop + 1):
        undisturbed.step(frame=frame)
        stopped.step(frame=frame)
    resumed = tracker.resume(scene, stopped.checkpoint(), parameters={})
    for frame in range(stop + 1, 24):
        assert repr(resumed.step(frame=frame)) == repr(undisturbed.step(frame=frame))
    assert resumed.checkpoint() == undisturbed.checkpoint()


def test_of_very_many_vertices_some_lead_the_others() -> None:
    thing = Thing(straight(120, 100, 4, turn=1), width=100, height=80, round=False)
    line = np.column_stack([np.linspace(-40, 40, 300), 20 * np.sin(np.linspace(0, 6, 300))])
    found = tracked(Scene([thing]), Polyline(truth(thing, 0, line)), range(1, 12))[-1]
    assert max(errors(found, truth(thing, 11, line))) < 1.5


@pytest.mark.parametrize("count", [0, 1, 64, 65, 300, 1000])
def test_followed_vertices_are_bounded_and_every_shown_one_has_a_leader_near_by(count: int) -> None:
    led = leaders(np.ones(count, np.bool_))
    assert len(set(led.tolist())) <= MOST_FOLLOWED
    every = -(-count // MOST_FOLLOWED)
    assert all(abs(leader - index) <= every for index, leader in enumerate(led.tolist()))

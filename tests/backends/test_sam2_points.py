"""Polylines, keypoints and skeletons under SAM 2: the point tracker, held to SAM 2's mask."""

from __future__ import annotations

import numpy as np
import pytest

from labeling.geometry.shapes import BoolMask, Keypoint, Points, Polyline, Shape, Skeleton, Visibility
from tests.backends.scenes import Scene, Thing, straight
from tests.backends.test_points import CORNERS, SEEN, truth
from workers.backends.base import RgbFrame, Seed, Tracked, remarks_taken
from workers.backends.fast.track import Transition
from workers.backends.fast.view import FrameView
from workers.backends.sam2.answer import Answer
from workers.backends.sam2.pointed import MOST_CLICKS, NOTE, FollowedPoints, clicks_of
from workers.backends.sam2.propagation import Propagation
from workers.backends.sam2.session import Sam2Session
from workers.backends.sam2.tracker import Sam2Tracker


def thing() -> Thing:
    return Thing(straight(110, 100, 3, 1), width=80, height=60, round=False)


def begun(scene: Scene, shape: Skeleton, mask: BoolMask) -> FollowedPoints:
    return FollowedPoints.begun(0, shape, mask, FrameView(scene.read_rgb(0), frame=0))


def followed(scene: Scene, points: FollowedPoints, mask: BoolMask, *, present: bool = True) -> Tracked:
    views = [FrameView(scene.read_rgb(frame), frame=frame) for frame in (0, 1)]
    answer = Answer(mask=mask, present=present, confidence=0.5)
    return points.follow(answer, Transition(views[0], views[1], 0))


def skeleton() -> Skeleton:
    return Skeleton(truth(thing(), 0), (SEEN,) * len(CORNERS))


def test_points_on_the_mask_are_followed_as_without_it() -> None:
    scene = Scene([thing()])
    shape = followed(scene, begun(scene, skeleton(), scene.truth(0)), scene.truth(1)).shape
    assert isinstance(shape, Skeleton)
    assert shape.visibility == (SEEN,) * len(CORNERS)
    assert np.abs(shape.points - truth(thing(), 1)).max() < 1


def test_points_that_leave_the_mask_are_marked_as_lost() -> None:
    scene = Scene([thing()])
    left = scene.truth(1)
    left[:, 112:] = False
    shape = followed(scene, begun(scene, skeleton(), scene.truth(0)), left).shape
    assert isinstance(shape, Skeleton)
    lost = [one is Visibility.INVISIBLE for one in shape.visibility]
    assert lost == [False, True, True, False, False]


def test_an_object_that_is_not_there_for_sam_2_is_missing() -> None:
    scene = Scene([thing()])
    points = begun(scene, skeleton(), scene.truth(0))
    assert followed(scene, points, scene.truth(1), present=False) == Tracked(shape=None, confidence=0.0)


def test_points_that_the_mask_never_held_are_not_held_to_it() -> None:
    scene = Scene([thing()])
    nothing = np.zeros((240, 320), np.bool_)
    shape = followed(scene, begun(scene, skeleton(), nothing), nothing).shape
    assert isinstance(shape, Skeleton)
    assert shape.visibility == (SEEN,) * len(CORNERS)


def test_only_visible_points_are_shown_and_not_too_many() -> None:
    points = np.arange(80, dtype=np.float64).reshape(40, 2)
    assert len(clicks_of(Polyline(points))) <= MOST_CLICKS
    hidden = Skeleton(points[:3], (SEEN, Visibility.OCCLUDED, SEEN))
    assert clicks_of(hidden).tolist() == points[[0, 2]].tolist()


def shapes() -> list[Shape]:
    return [skeleton(), Keypoint(110, 100), Polyline(truth(thing(), 0))]


def opened(micro: Sam2Tracker, scene: Scene) -> Sam2Session:
    session = micro.open(scene, parameters={})
    session.seed(frame=0, seeds=[Seed(number, shape) for number, shape in enumerate(shapes())])
    return session


def test_a_pass_follows_points_and_says_once_how(micro: Sam2Tracker) -> None:
    scene = Scene([thing()])
    session = opened(micro, scene)
    for frame in range(1, 5):
        found = session.step(frame=frame)
        assert set(found) == {0, 1, 2}
        for number, shape in enumerate(shapes()):
            assert found[number].shape is None or type(found[number].shape) is type(shape)
    (remark,) = remarks_taken(session)
    assert (remark.sentence, remark.object_id) == (NOTE, None)


@pytest.mark.parametrize("number", range(3))
def test_a_resumed_pass_goes_on_from_the_points(micro: Sam2Tracker, number: int) -> None:
    scene = Scene([thing()])
    session = opened(micro, scene)
    session.step(frame=1)
    before = session._followed[number]
    resumed = micro.resume(scene, session.checkpoint(), parameters={})
    after = resumed._followed[number]
    assert isinstance(before, FollowedPoints)
    assert isinstance(after, FollowedPoints)
    assert repr(after.points.state()) == repr(before.points.state())
    assert set(resumed.step(frame=2)) == {0, 1, 2}


def test_a_pass_without_a_mask_of_the_object_is_resumed_too(
    micro: Sam2Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Random weights find something anywhere; others find nothing under some points."""
    scene = Scene([thing()])
    seed_points = Propagation.seed_points

    def finds_nothing(self: Propagation, index: int, object_id: int, points: Points) -> BoolMask:
        return np.zeros_like(seed_points(self, index, object_id, points))

    monkeypatch.setattr(Propagation, "seed_points", finds_nothing)
    session = opened(micro, scene)
    resumed = micro.resume(scene, session.checkpoint(), parameters={})
    assert set(resumed.step(frame=1)) == {0, 1, 2}


def test_the_frame_behind_one_that_cannot_be_read_is_not_lost_as_well(micro: Sam2Tracker) -> None:
    class Hole(Scene):
        def read_rgb(self, frame: int) -> RgbFrame:
            if frame == 2:
                raise OSError("frame 2 is damaged")
            return super().read_rgb(frame)

    session = opened(micro, Hole([thing()]))
    session.step(frame=1)
    with pytest.raises(OSError, match="damaged"):
        session.step(frame=2)
    assert set(session.step(frame=3)) == {0, 1, 2}

"""The fast tracker follows masks through pictures whose truth is known."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from labeling.geometry.masks import mask_to_shape, shape_to_mask
from labeling.geometry.rle import rle_encode
from labeling.geometry.shapes import Bitmask, BoolMask, Polygon, Shape, ShapeKind
from tests.backends.scenes import Scene, Thing, iou, straight
from workers.backends.base import BackendError, Seed, Tracked, TrackSession
from workers.backends.fast.tracker import FastTracker
from workers.backends.state import state_pack

KIND = ShapeKind.BITMASK


def seed_of(scene: Scene, frame: int, thing: int = 0, kind: ShapeKind = KIND) -> Seed:
    shape = mask_to_shape(scene.truth(frame, thing), kind)
    assert shape is not None
    return Seed(thing, shape)


def opened(scene: Scene, frame: int = 0, things: tuple[int, ...] = (0,)) -> TrackSession:
    session = FastTracker().open(scene, parameters={})
    session.seed(frame=frame, seeds=[seed_of(scene, frame, thing) for thing in things])
    return session


def mask_of(scene: Scene, shape: Shape | None) -> BoolMask:
    if shape is None:
        return np.zeros((scene.height, scene.width), np.bool_)
    return shape_to_mask(shape, width=scene.width, height=scene.height)


def overlaps(scene: Scene, session: TrackSession, frames: range, thing: int = 0) -> list[float]:
    """Step through ``frames`` and return the IoU of each."""
    return [
        iou(mask_of(scene, session.step(frame=frame)[thing].shape), scene.truth(frame, thing))
        for frame in frames
    ]


def packed(found: Mapping[int, Tracked]) -> bytes:
    """Return all that was found as bytes, for comparison bit by bit."""
    state = {object_id: [tracked.shape, tracked.confidence] for object_id, tracked in found.items()}
    return state_pack(state, version="")


def test_a_moving_and_growing_object_is_followed() -> None:
    scene = Scene([Thing(straight(70, 90, 6, 2, growth=1.01))])
    found = overlaps(scene, opened(scene), range(1, 24))
    assert np.mean(found) > 0.9
    assert min(found) > 0.8


def test_an_object_is_followed_backwards() -> None:
    scene = Scene([Thing(straight(70, 90, 6, 2))])
    found = overlaps(scene, opened(scene, frame=23), range(22, -1, -1))
    assert np.mean(found) > 0.9


def test_a_still_picture_keeps_its_mask() -> None:
    scene = Scene([Thing(straight(160, 120, 0))])
    assert min(overlaps(scene, opened(scene), range(1, 12))) > 0.93


def test_a_polygon_stays_a_polygon() -> None:
    scene = Scene([Thing(straight(70, 90, 6, 2))])
    session = FastTracker().open(scene, parameters={})
    session.seed(frame=0, seeds=[seed_of(scene, 0, kind=ShapeKind.POLYGON)])
    shape = session.step(frame=1)[0].shape
    assert isinstance(shape, Polygon)
    assert iou(mask_of(scene, shape), scene.truth(1)) > 0.9


def test_an_object_behind_a_bar_is_missing_and_found_again() -> None:
    scene = Scene([Thing(straight(60, 120, 7), width=44, height=40)], length=34, occluder=(130, 200))
    session = opened(scene)
    found = [session.step(frame=frame)[0] for frame in range(1, 34)]
    hidden = [frame for frame in range(1, 34) if not scene.truth(frame).any()]
    assert len(hidden) >= 3
    assert found[hidden[-1] - 1].shape is None
    assert found[hidden[-1] - 1].confidence == 0
    assert np.mean([iou(mask_of(scene, found[n - 1].shape), scene.truth(n)) for n in (30, 31, 32, 33)]) > 0.75


def test_two_objects_of_other_looks_keep_apart_while_they_cross() -> None:
    first = Thing(straight(60, 110, 8))
    second = Thing(straight(260, 130, -8), colour=(70, 80, 190), seed=2)
    scene = Scene([first, second], length=26)
    session = opened(scene, things=(0, 1))
    for frame in range(1, 26):
        found = session.step(frame=frame)
    for thing in (0, 1):
        assert iou(mask_of(scene, found[thing].shape), scene.truth(25, thing)) > 0.75


def test_an_object_is_tracked_alike_alone_and_with_another() -> None:
    things = [Thing(straight(60, 70, 5)), Thing(straight(240, 170, -5), colour=(70, 80, 190), seed=2)]
    scene = Scene(things, length=10)
    alone, both = opened(scene), opened(scene, things=(0, 1))
    for frame in range(1, 10):
        assert packed({0: alone.step(frame=frame)[0]}) == packed({0: both.step(frame=frame)[0]})


def test_each_frame_is_read_once_whatever_the_number_of_objects() -> None:
    things = [Thing(straight(60, 70, 5)), Thing(straight(240, 170, -5), colour=(70, 80, 190), seed=2)]
    scene = Scene(things, length=6)
    session = opened(scene, things=(0, 1))
    for frame in range(1, 6):
        session.step(frame=frame)
    assert scene.read == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("stop", [0, 1, 6, 13])
def test_a_resumed_pass_equals_the_undisturbed_one_bit_for_bit(stop: int) -> None:
    """The object is hidden on frames in the middle, so that a lost state is resumed too."""
    scene = Scene([Thing(straight(80, 120, 9), width=44, height=40)], length=18, occluder=(150, 210))
    tracker = FastTracker()
    undisturbed = opened(scene)
    expected = [packed(undisturbed.step(frame=frame)) for frame in range(1, 18)]
    stopped = opened(scene)
    for frame in range(1, stop + 1):
        stopped.step(frame=frame)
    resumed = tracker.resume(scene, stopped.checkpoint(), parameters={})
    found = [packed(resumed.step(frame=frame)) for frame in range(stop + 1, 18)]
    assert found == expected[stop:]
    assert resumed.checkpoint() == undisturbed.checkpoint()


def test_the_seed_of_the_run_is_all_that_is_drawn_by_chance() -> None:
    scene = Scene([Thing(straight(70, 90, 6, 2))])
    outcomes = []
    for seed in (0, 0, 5):
        session = FastTracker().open(scene, parameters={"seed": seed})
        session.seed(frame=0, seeds=[seed_of(scene, 0)])
        outcomes.append([packed(session.step(frame=frame)) for frame in range(1, 9)])
    assert outcomes[0] == outcomes[1]
    assert outcomes[0] != outcomes[2]


def test_a_checkpoint_does_not_grow_with_the_pass() -> None:
    scene = Scene([Thing(straight(160, 120, 0))], length=60)
    session = opened(scene)
    sizes = []
    for frame in range(1, 60):
        session.step(frame=frame)
        sizes.append(len(session.checkpoint()))
    assert sizes[-1] < 1.1 * sizes[20]
    assert sizes[-1] < 150_000


def test_a_key_frame_seeds_anew() -> None:
    """The key frame gives the object's number to the other thing in the picture."""
    things = [Thing(straight(60, 70, 5)), Thing(straight(240, 170, -5), colour=(70, 80, 190), seed=2)]
    scene = Scene(things, length=16)
    session = opened(scene)
    for frame in range(1, 9):
        session.step(frame=frame)
    other = mask_to_shape(scene.truth(8, 1), KIND)
    assert other is not None
    session.seed(frame=8, seeds=[Seed(0, other)])
    for frame in range(9, 16):
        found = session.step(frame=frame)
        assert iou(mask_of(scene, found[0].shape), scene.truth(frame, 1)) > 0.85


def test_an_object_that_leaves_the_picture_is_missing() -> None:
    scene = Scene([Thing(straight(250, 120, 10))], length=20)
    session = opened(scene)
    found = [session.step(frame=frame)[0] for frame in range(1, 20)]
    assert [tracked.shape is None for tracked in found[-5:]] == [True] * 5


def test_confidence_lies_between_0_and_1() -> None:
    scene = Scene([Thing(straight(70, 90, 6, 2))])
    session = opened(scene)
    values = [session.step(frame=frame)[0].confidence for frame in range(1, 24)]
    assert 0.5 < min(values) <= max(values) <= 1


def test_a_dropped_object_is_followed_no_longer() -> None:
    things = [Thing(straight(60, 70, 5)), Thing(straight(240, 170, -5), seed=2)]
    scene = Scene(things)
    session = opened(scene, things=(0, 1))
    session.drop(object_id=0)
    assert set(session.step(frame=1)) == {1}


@pytest.mark.parametrize("seed", [-1, "7", True, 1.5])
def test_a_random_seed_that_is_no_number_is_refused(seed: object) -> None:
    with pytest.raises(BackendError, match="whole number"):
        FastTracker().open(Scene([]), parameters={"seed": seed})


@pytest.mark.parametrize(("width", "height"), [(10, 8), (40, 300), (1300, 60)])
def test_odd_sizes_of_pictures_are_tracked(width: int, height: int) -> None:
    thing = Thing(straight(width / 2, height / 2, 0), width=width // 2, height=height // 2)
    scene = Scene([thing], width=width, height=height)
    assert overlaps(scene, opened(scene), range(1, 4))[-1] > 0.6


def test_an_object_of_one_pixel_and_one_of_the_whole_picture_break_nothing() -> None:
    scene = Scene([Thing(straight(160, 120, 0))])
    pixel, whole = np.zeros((2, scene.height, scene.width), np.bool_)
    pixel[100, 100] = True
    whole[:] = True
    shapes = [mask_to_shape(mask, KIND) for mask in (pixel, whole)]
    session = FastTracker().open(scene, parameters={})
    session.seed(frame=0, seeds=[Seed(n, shape) for n, shape in enumerate(shapes) if shape])
    for frame in range(1, 6):
        found = session.step(frame=frame)
    assert isinstance(found[1].shape, Bitmask)
    assert iou(mask_of(scene, found[1].shape), whole) > 0.95


@pytest.mark.parametrize(
    "shape",
    [
        Bitmask(0, 0, 0, 0, b""),
        Bitmask(20, 30, 8, 6, rle_encode(np.zeros((6, 8), np.bool_))),
        Polygon(((np.array([[400.0, 20.0], [460.0, 20.0], [460.0, 80.0]]),),)),
    ],
    ids=["no size", "no pixel", "beside the picture"],
)
def test_a_seed_without_a_pixel_is_refused_by_frame(shape: Shape) -> None:
    session = FastTracker().open(Scene([]), parameters={})
    with pytest.raises(BackendError, match="A shape on frame 3 covers no pixel of the picture"):
        session.seed(frame=3, seeds=[Seed(0, shape)])


def test_a_polygon_between_the_pixels_still_seeds() -> None:
    scene = Scene([Thing(straight(160, 120, 0))])
    sliver = np.array([[160.1, 120.1], [160.4, 120.1], [160.2, 120.3]])
    session = FastTracker().open(scene, parameters={})
    session.seed(frame=0, seeds=[Seed(0, Polygon(((sliver,),)))])
    assert set(session.step(frame=1)) == {0}

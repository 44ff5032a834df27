"""A pass of SAM 2 on the micro model: seeds of every shape, what is bounded, what is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from labeling.geometry.masks import mask_to_bitmask, mask_to_shape, shape_to_mask
from labeling.geometry.shapes import Bitmask, Box, Polygon, RotatedBox, Shape, ShapeKind
from tests.backends.sam2_stock import Film, mask_seeds, session_masks
from tests.backends.scenes import Scene, Thing, straight
from workers.backends.base import BackendError, Remark, RgbFrame, Seed, Tracked, remarks_taken
from workers.backends.sam2.answer import Answer
from workers.backends.sam2.followed import Followed
from workers.backends.sam2.session import Sam2Session
from workers.backends.sam2.tracker import Sam2Tracker

AREAS = [ShapeKind.BOUNDING_BOX, ShapeKind.ROTATABLE_BOUNDING_BOX, ShapeKind.POLYGON, ShapeKind.BITMASK]

WHOLE = np.array([[0, 0], [320, 0], [320, 240], [0, 240]], float)


def scene(length: int = 24) -> Scene:
    return Scene([Thing(straight(100, 90, 3, 1)), Thing(straight(220, 150, -2), seed=2)], length=length)


def truth(scene: Scene, frame: int, kind: ShapeKind, thing: int = 0) -> Shape:
    shape = mask_to_shape(scene.truth(frame, thing), kind)
    assert shape is not None
    return shape


def opened(tracker: Sam2Tracker, frames: Any, *shapes: Shape, frame: int = 0, **words: object) -> Sam2Session:
    session = tracker.open(frames, parameters=words)
    session.seed(frame=frame, seeds=[Seed(number, shape) for number, shape in enumerate(shapes, 1)])
    return session


@pytest.mark.parametrize("kind", AREAS)
def test_what_comes_back_is_of_the_kind_that_was_drawn(micro: Sam2Tracker, kind: ShapeKind) -> None:
    frames = scene()
    session = opened(micro, frames, truth(frames, 0, kind))
    kinds = {type(session.step(frame=frame)[1].shape) for frame in range(1, 6)}
    assert kinds == {type(truth(frames, 0, kind))}
    assert remarks_taken(session) == []


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        (Box(-50, -50, 20, 20), "covers no pixel"),
        (
            Polygon(((np.array([[0, 0], [320, 0], [320, 240], [0, 240]], float),),)),
            "covers the whole picture",
        ),
    ],
)
def test_a_seed_that_tells_nothing_is_a_remark_and_the_others_are_followed(
    micro: Sam2Tracker, shape: Shape, sentence: str
) -> None:
    frames = scene()
    session = opened(micro, frames, shape, truth(frames, 0, ShapeKind.BITMASK))
    (remark,) = remarks_taken(session)
    assert (remark.object_id, remark.frame) == (1, 0)
    assert sentence in remark.sentence
    assert remarks_taken(session) == []
    assert set(session.step(frame=1)) == {2}


def test_a_box_around_the_whole_picture_is_a_question_that_can_be_asked(micro: Sam2Tracker) -> None:
    session = opened(micro, scene(), Box(0, 0, 320, 240))
    assert remarks_taken(session) == []
    assert set(session.step(frame=1)) == {1}


def test_a_mask_that_vanishes_at_the_models_size_is_followed_by_its_box(micro: Sam2Tracker) -> None:
    """The micro model sees 128 pixels of this picture's 320: one pixel of it covers six."""
    dot = np.zeros((240, 320), np.bool_)
    dot[100, 100] = True
    shape = mask_to_bitmask(dot)
    assert shape is not None
    session = opened(micro, scene(), shape)
    assert set(session.step(frame=1)) == {1}
    assert remarks_taken(session) == []


class TestFollowed:
    """What is made of the predictor's answers."""

    def followed(self, shape: Shape) -> Followed:
        return Followed.seeded(0, shape, shape_to_mask(shape, width=320, height=240))

    def turned(self, degrees: float) -> Answer:
        mask = shape_to_mask(RotatedBox(100, 100, 80, 30, degrees), width=320, height=240)
        return Answer(mask, present=True, confidence=0.7)

    def test_the_angle_of_a_rotated_box_follows_the_object(self) -> None:
        followed = self.followed(RotatedBox(100, 100, 80, 30, 10.0))
        for frame, degrees in enumerate(range(12, 200, 4), 1):
            found = followed.take(self.turned(degrees % 360), frame=frame).shape
            assert isinstance(found, RotatedBox)
            assert abs((found.rotation - degrees + 180) % 360 - 180) < 3
            assert found.width > found.height

    def test_one_that_is_not_there_is_missing(self) -> None:
        followed = self.followed(RotatedBox(100, 100, 80, 30, 10.0))
        absent = Answer(self.turned(10).mask, present=False, confidence=0.1)
        assert followed.take(absent, frame=1) == Tracked(None, 0.0)

    def test_an_empty_mask_is_missing(self) -> None:
        followed = self.followed(Box(100, 100, 80, 30))
        empty = Answer(np.zeros((240, 320), np.bool_), present=True, confidence=0.9)
        assert followed.take(empty, frame=1) == Tracked(None, 0.0)

    def test_where_it_was_seen_last_is_remembered(self) -> None:
        followed = self.followed(Box(100, 100, 80, 30))
        followed.take(self.turned(0), frame=1)
        followed.take(Answer(self.turned(0).mask, present=False, confidence=0.1), frame=2)
        assert followed.frame == 1


def test_confidence_lies_between_nothing_and_one(micro: Sam2Tracker, short_film: Film) -> None:
    session = micro.open(short_film.frames, parameters={})
    session.seed(frame=0, seeds=mask_seeds(short_film.masks(0, 1, 2, 3)))
    found = [one.confidence for frame in range(1, 10) for one in session.step(frame=frame).values()]
    assert len(found) == 27
    assert all(0 < confidence < 1 for confidence in found)
    assert len(set(found)) > 20


def test_what_is_held_does_not_grow_with_the_frames(micro: Sam2Tracker) -> None:
    frames = scene(120)
    session = opened(micro, frames, *(truth(frames, 0, ShapeKind.BITMASK, thing) for thing in (0, 1)))
    held = []
    for frame in range(1, 120):
        session.step(frame=frame)
        held.append(session.nbytes)
    assert len(set(held[20:])) == 1
    assert held[-1] < 2_000_000


def test_what_is_held_does_not_grow_with_key_frames(micro: Sam2Tracker) -> None:
    frames = scene(60)
    session = opened(micro, frames, truth(frames, 0, ShapeKind.BITMASK))
    held = []
    for frame in range(1, 60):
        session.step(frame=frame)
        if frame % 10 == 0:
            session.seed(frame=frame, seeds=[Seed(1, truth(frames, frame, ShapeKind.BITMASK))])
        held.append(session.nbytes)
    assert held[59 - 1] == held[49 - 1] == held[39 - 1]


def test_a_pass_that_holds_more_than_it_may_ends_with_a_sentence(micro: Sam2Tracker) -> None:
    frames = scene()
    options = micro.options
    small = Sam2Tracker(type(options)(**{**vars(options), "pass_bytes": 100_000}))
    with pytest.raises(BackendError, match="LABELYARD_SAM2_PASS_BYTES allows 0") as refused:
        opened(small, frames, truth(frames, 0, ShapeKind.BITMASK))
    assert "instances_per_part" in str(refused.value)


class TestMemoryOfTheDevice:
    """PyTorch's own error, from the middle of the model."""

    @staticmethod
    def exhausted(session: Sam2Session, monkeypatch: pytest.MonkeyPatch) -> None:
        import torch

        def fail(*args: object, **words: object) -> None:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

        monkeypatch.setattr(session._model.predictor, "forward_image", fail)

    def test_it_names_objects_size_and_ways_out(
        self, micro: Sam2Tracker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        frames = scene()
        session = opened(micro, frames, *(truth(frames, 0, ShapeKind.BITMASK, thing) for thing in (0, 1)))
        session.step(frame=1)
        self.exhausted(session, monkeypatch)
        with pytest.raises(BackendError) as refused:
            session.step(frame=2)
        said = str(refused.value)
        assert refused.value.code == "gpu_out_of_memory"  # type: ignore[attr-defined]
        for part in ("on frame 2", "2 objects", "320 x 240", "instances_per_part", "offload"):
            assert part in said

    def test_what_was_tried_is_not_offered_again(
        self, micro: Sam2Tracker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        frames = scene()
        session = opened(micro, frames, truth(frames, 0, ShapeKind.BITMASK), offload=True)
        self.exhausted(session, monkeypatch)
        with pytest.raises(BackendError) as refused:
            session.step(frame=1)
        assert "offload" not in str(refused.value)
        assert "instances_per_part" not in str(refused.value)
        assert "smaller model" in str(refused.value)


def test_offloading_changes_no_mask(micro: Sam2Tracker, short_film: Film) -> None:
    prompts = {0: short_film.masks(0, 1, 2)}
    passes = [
        session_masks(
            micro.open(short_film.frames, parameters={"offload": offload}),
            short_film.frames,
            prompts,
            order=range(20),
        )
        for offload in (False, True)
    ]
    for frame in range(1, 20):
        for number in (1, 2):
            assert np.array_equal(passes[0][frame][number], passes[1][frame][number])


def test_a_parameter_that_cannot_be_is_refused(micro: Sam2Tracker) -> None:
    with pytest.raises(BackendError, match="it has to be true or false"):
        micro.open(scene(), parameters={"offload": "maybe"})


class Holes(Scene):
    """A media with frames that cannot be read."""

    def read_rgb(self, frame: int) -> RgbFrame:
        if frame in (3, 4):
            raise OSError(f"frame {frame} is damaged")
        return super().read_rgb(frame)


def test_it_goes_on_behind_frames_that_cannot_be_read(micro: Sam2Tracker) -> None:
    frames = Holes([Thing(straight(100, 90, 3, 1))], length=12)
    session = opened(micro, frames, truth(frames, 0, ShapeKind.BITMASK))
    for frame in range(1, 12):
        if frame in (3, 4):
            with pytest.raises(OSError, match="is damaged"):
                session.step(frame=frame)
        else:
            assert isinstance(session.step(frame=frame)[1].shape, Bitmask)


@pytest.mark.parametrize("step", [1, -1])
def test_an_object_that_was_dropped_may_come_back_later(micro: Sam2Tracker, step: int) -> None:
    frames = scene(30)
    order = list(range(30))[::step]
    session = opened(micro, frames, truth(frames, order[0], ShapeKind.BITMASK), frame=order[0])
    session.step(frame=order[1])
    session.drop(object_id=1)
    assert session.step(frame=order[2]) == {}
    session.seed(frame=order[12], seeds=[Seed(1, truth(frames, order[12], ShapeKind.BITMASK))])
    assert set(session.step(frame=order[13])) == {1}


def test_a_group_goes_on_with_pictures_of_another_size(micro: Sam2Tracker) -> None:
    class Mixed(Scene):
        def read_rgb(self, frame: int) -> RgbFrame:
            return np.ascontiguousarray(super().read_rgb(frame)[:, : 320 if frame < 5 else 200])

    frames = Mixed([Thing(straight(100, 90, 1, 1))], length=10)
    session = opened(micro, frames, truth(frames, 0, ShapeKind.BITMASK))
    session.step(frame=1)
    session.drop(object_id=1)
    session.seed(frame=6, seeds=[Seed(1, truth(frames, 6, ShapeKind.BITMASK))])
    found = session.step(frame=7)[1].shape
    assert isinstance(found, Bitmask)
    assert found.left + found.width <= 200


class TestResuming:
    def resumed(self, micro: Sam2Tracker, frames: Scene, session: Sam2Session) -> Sam2Session:
        return micro.resume(frames, session.checkpoint(), parameters={})

    def test_it_goes_on_from_the_last_masks_and_says_so(self, micro: Sam2Tracker) -> None:
        frames = scene()
        session = opened(micro, frames, truth(frames, 0, ShapeKind.BITMASK))
        last = [session.step(frame=frame) for frame in range(1, 6)][-1][1].shape
        resumed = self.resumed(micro, frames, session)
        (remark,) = remarks_taken(resumed)
        assert remark == Remark(remark.sentence)
        assert "interrupted after frame 5" in remark.sentence
        assert last is not None
        anew = opened(micro, frames, last, frame=5)
        assert resumed.step(frame=6) == anew.step(frame=6)
        assert resumed.step(frame=7) == anew.step(frame=7)

    def test_each_object_goes_on_from_where_it_was_seen_last(self, micro: Sam2Tracker) -> None:
        frames = scene()
        session = opened(
            micro, frames, truth(frames, 0, ShapeKind.BITMASK), truth(frames, 0, ShapeKind.BITMASK, 1)
        )
        for frame in range(1, 6):
            session.step(frame=frame)
        hidden = session._followed[2]
        hidden.frame, hidden.shape = 2, truth(frames, 2, ShapeKind.BITMASK, 1)
        hidden.mask = frames.truth(2, 1)
        frames.read.clear()
        resumed = self.resumed(micro, frames, session)
        assert frames.read == [2, 5]
        assert set(resumed.step(frame=6)) == {1, 2}

    def test_backwards(self, micro: Sam2Tracker) -> None:
        frames = scene()
        session = opened(micro, frames, truth(frames, 20, ShapeKind.BOUNDING_BOX), frame=20)
        for frame in (19, 18, 17):
            session.step(frame=frame)
        resumed = self.resumed(micro, frames, session)
        assert isinstance(resumed.step(frame=16)[1].shape, Box)
        with pytest.raises(BackendError, match="cannot go from frame 16 to frame 17"):
            resumed.step(frame=17)

    def test_with_nothing_followed_there_is_nothing_to_say(self, micro: Sam2Tracker) -> None:
        frames = scene()
        session = opened(micro, frames, truth(frames, 0, ShapeKind.BITMASK))
        session.step(frame=1)
        session.drop(object_id=1)
        assert remarks_taken(self.resumed(micro, frames, session)) == []

    def test_the_checkpoint_of_another_tracker_is_refused(self, micro: Sam2Tracker) -> None:
        with pytest.raises(BackendError, match="The checkpoint"):
            micro.resume(scene(), b"nothing", parameters={})


def test_the_model_is_loaded_once_and_named_with_what_it_runs_on(
    micro_folder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.backends.sam2_micro import micro_options
    from workers.backends.sam2 import model

    built: list[str] = []
    build: Callable[..., Any] = model.model_build

    def building(options: Any) -> Any:
        built.append(options.name)
        return build(options)

    monkeypatch.setattr(model, "model_build", building)
    # A name of its own: what other tests have loaded is found by its options.
    tracker = Sam2Tracker(replace(micro_options(micro_folder), name="once"))
    assert tracker.version == "once"
    tracker.open(scene(), parameters={})
    tracker.open(scene(), parameters={})
    assert built == ["once"]
    assert tracker.version.startswith("once on cpu, float32, rf-sam-2 1.")

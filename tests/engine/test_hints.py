"""Score drops and identity jumps: what is noticed, what is not, and that a checkpoint changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgpack
import pytest

from labeling.geometry.shapes import Box, Keypoint, Shape
from workers.backends.base import Tracked
from workers.hints import Hint, HintWatch

CAR, BUS = 1, 2
Track = Mapping[int, tuple[Shape | None, float]]


def box(x: float, y: float = 50, *, width: float = 40, height: float = 30) -> Box:
    return Box(x - width / 2, y - height / 2, width, height)


def watched(
    frames: Sequence[Track], *, fixed: Mapping[int, Mapping[int, Shape | None]] | None = None
) -> list[Hint]:
    """What is noticed over the frames, from 0 on."""
    watch, hints = HintWatch(), []
    for frame, seen in enumerate(frames):
        tracked = {instance_id: Tracked(*told) for instance_id, told in seen.items()}
        hints += watch.see(frame, tracked, fixed=(fixed or {}).get(frame, {}))
    return hints


def places(hints: list[Hint], kind: str) -> list[tuple[int, int]]:
    return [(hint.instance_id, hint.frame) for hint in hints if hint.kind == kind]


def moving(count: int, *, speed: float = 4, start: float = 100) -> list[Track]:
    return [{CAR: (box(start + speed * frame), 0.9)} for frame in range(count)]


def test_an_object_that_moves_on_and_is_sure_gives_no_hint() -> None:
    assert watched(moving(50, speed=30)) == []


def test_a_fall_of_the_score_is_told_once_where_it_begins() -> None:
    frames = [{CAR: (box(100), 0.9 if frame < 20 else 0.4)} for frame in range(25)]
    (hint,) = watched(frames)
    assert (hint.instance_id, hint.frame, hint.kind) == (CAR, 20, "drop")
    assert hint.strength == pytest.approx(0.5)


def test_a_second_fall_is_told_again_after_the_score_was_back() -> None:
    scores = [0.9] * 20 + [0.4] * 2 + [0.9] * 30 + [0.3]
    frames = [{CAR: (box(100), score)} for score in scores]
    assert places(watched(frames), "drop") == [(CAR, 20), (CAR, 52)]


def test_a_score_that_fades_slowly_is_no_drop() -> None:
    frames = [{CAR: (box(100), 0.9 - 0.005 * frame)} for frame in range(100)]
    assert watched(frames) == []


def test_a_score_that_is_always_restless_is_none_after_a_while() -> None:
    frames = [{CAR: (box(100), 0.5 + 0.15 * (-1) ** frame)} for frame in range(60)]
    assert [frame for _, frame in places(watched(frames), "drop") if frame > 20] == []


def test_a_leap_against_the_motion_is_a_jump() -> None:
    frames = moving(20)
    frames[12:] = [{CAR: (box(320 + 4 * frame, 160), 0.9)} for frame in range(8)]
    assert places(watched(frames), "jump") == [(CAR, 12)]


def test_a_sudden_change_of_size_is_a_jump() -> None:
    frames = [{CAR: (box(100, width=40 if frame < 10 else 90), 0.9)} for frame in range(20)]
    assert places(watched(frames), "jump") == [(CAR, 10)]


def test_an_object_that_grows_steadily_is_none() -> None:
    frames = [{CAR: (box(100, width=20 * 1.05**frame, height=15 * 1.05**frame), 0.9)} for frame in range(40)]
    assert watched(frames) == []


def test_an_object_that_always_darts_about_is_none_after_a_while() -> None:
    frames = [{CAR: (box(100 + 25 * (-1) ** frame), 0.9)} for frame in range(60)]
    assert [frame for _, frame in places(watched(frames), "jump") if frame > 20] == []


def test_coming_back_where_it_was_expected_is_no_jump() -> None:
    frames = moving(30)
    frames[10:15] = [{CAR: (None, 0.0)} for _ in range(5)]
    assert watched(frames) == []


def test_coming_back_elsewhere_is_a_jump() -> None:
    frames = moving(30)
    frames[10:15] = [{CAR: (None, 0.0)} for _ in range(5)]
    frames[15:] = [{CAR: (box(400 + 4 * frame, 200), 0.9)} for frame in range(15)]
    assert places(watched(frames), "jump") == [(CAR, 15)]


def test_two_objects_that_come_to_lie_on_one_thing_are_told_once_each() -> None:
    frames: list[Track] = [
        {CAR: (box(100), 0.9), BUS: (box(max(200 - 5 * frame, 100)), 0.9)} for frame in range(40)
    ]
    hints = watched(frames)
    # From 5 pixels apart on, their boxes of 40 pixels share more than four fifths.
    assert places(hints, "jump") == [(CAR, 20), (BUS, 20)] or places(hints, "jump") == [(CAR, 19), (BUS, 19)]


def test_objects_that_people_put_on_one_thing_are_none() -> None:
    frames: list[Track] = [{}, *[{CAR: (box(100), 0.9), BUS: (box(100), 0.9)} for _ in range(10)]]
    assert watched(frames, fixed={0: {CAR: box(100), BUS: box(100)}}) == []


def test_a_key_frame_begins_anew() -> None:
    frames = moving(20)
    frames[10] = {}
    frames[11:] = [{CAR: (box(500 + 4 * frame), 0.3)} for frame in range(9)]
    assert watched(frames, fixed={10: {CAR: box(496)}}) == []


def test_points_have_jumps_too() -> None:
    frames: list[Track] = [{CAR: (Keypoint(100 + 2 * frame, 50), 0.9)} for frame in range(10)]
    frames += [{CAR: (Keypoint(300, 200), 0.9)}]
    assert places(watched(frames), "jump") == [(CAR, 10)]


def test_a_checkpoint_anywhere_changes_nothing() -> None:
    frames = moving(30)
    frames[12:15] = [{CAR: (None, 0.0)} for _ in range(3)]
    frames[15:] = [{CAR: (box(400, 200), 0.4), BUS: (box(401, 200), 0.9)} for _ in range(15)]
    undisturbed = watched(frames)
    assert undisturbed
    for cut in range(len(frames)):
        watch, hints = HintWatch(), []
        for frame, seen in enumerate(frames):
            if frame == cut:
                kept = msgpack.unpackb(msgpack.packb(watch.state()))
                watch = HintWatch()
                watch.restore(kept)
            tracked = {instance_id: Tracked(*told) for instance_id, told in seen.items()}
            hints += watch.see(frame, tracked, fixed={})
        assert hints == undisturbed

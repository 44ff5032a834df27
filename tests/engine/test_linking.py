"""Detections over frames become the objects that they are of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgpack
import numpy as np
import pytest

from labeling.geometry.masks import mask_bounds
from labeling.geometry.shapes import BoolMask, Box
from tools.bench.crowd import crowd, scenes, switches, takeovers
from workers.backends.base import RgbFrame
from workers.detecting.linking import MEMORY_FRAMES, Linker
from workers.detecting.look import look_of

RED, BLUE = (200, 40, 40), (40, 40, 200)
Thing = tuple[float, float, tuple[int, int, int]]
"""Left, top, colour; all are 20 by 16 pixels."""


def picture(things: Mapping[str, Thing]) -> tuple[RgbFrame, dict[str, BoolMask]]:
    """Things drawn one over the other; of each its visible pixels."""
    rgb = np.full((120, 200, 3), 100, np.uint8)
    whose = np.full((120, 200), "", dtype="<U8")
    for name, (left, top, colour) in things.items():
        place = slice(round(top), round(top) + 16), slice(round(left), round(left) + 20)
        rgb[place] = colour
        whose[place] = name
    masks = {name: np.asarray(whose == name, np.bool_) for name in things}
    return rgb, {name: mask for name, mask in masks.items() if mask.sum() > 40}


class Watcher:
    """Links pictures of things, and knows who is who."""

    def __init__(self, *, step: int = 1) -> None:
        self.linker = Linker(step=step)
        self.next_number = 0

    def see(self, frame: int, things: Mapping[str, Thing], *, order: Sequence[str] = ()) -> dict[str, int]:
        """Return the number of each thing; they are told to the linker in ``order``."""
        rgb, masks = picture(things)
        names = [name for name in order or sorted(masks) if name in masks]
        boxes = [box_of(masks[name]) for name in names]
        looks = [look_of(rgb, masks[name]) for name in names]
        numbers = self.linker.link(boxes, looks, frame=frame, next_number=self.next_number)
        self.next_number = max([self.next_number, *(number + 1 for number in numbers)])
        return dict(zip(names, numbers, strict=True))


def box_of(mask: BoolMask) -> Box:
    left, top, width, height = mask_bounds(mask) or (0, 0, 0, 0)
    return Box(float(left), float(top), float(width), float(height))


def test_a_thing_that_moves_keeps_its_number_and_another_has_its_own() -> None:
    watcher = Watcher()
    numbers = [
        watcher.see(frame, {"a": (10 + 3 * frame, 10, RED), "b": (10 + 3 * frame, 60, RED)})
        for frame in range(20)
    ]
    assert numbers == [{"a": 0, "b": 1}] * 20


def test_look_alikes_that_cross_go_on_in_their_directions() -> None:
    """Told in turns in this order and the other, so that order alone helps nobody."""
    watcher = Watcher()
    numbers = [
        watcher.see(
            frame,
            {"east": (10 + 4 * frame, 40, RED), "west": (150 - 4 * frame, 46, RED)},
            order=("east", "west") if frame % 2 else ("west", "east"),
        )
        for frame in range(36)
    ]
    first = numbers[0]
    assert all(told == {name: first[name] for name in told} for told in numbers)
    assert min(len(told) for told in numbers[-5:]) == 2


def test_what_was_hidden_for_a_while_is_the_same_afterwards() -> None:
    watcher = Watcher()
    for frame in range(10):
        watcher.see(frame, {"a": (10 + 2 * frame, 10, RED)})
    assert watcher.see(25, {"a": (60, 10, RED)}) == {"a": 0}
    assert watcher.see(26 + MEMORY_FRAMES, {"a": (60 + 2 * (1 + MEMORY_FRAMES), 10, RED)}) == {"a": 1}


def test_another_colour_or_size_at_the_same_place_is_another_thing() -> None:
    watcher = Watcher()
    watcher.see(0, {"a": (60, 40, RED)})
    assert watcher.see(1, {"b": (60, 40, BLUE)}) == {"b": 1}


def test_a_thing_that_leaves_gives_its_number_to_nobody() -> None:
    watcher = Watcher()
    watcher.see(0, {"a": (10, 10, RED), "b": (150, 80, RED)})
    watcher.see(1, {"a": (10, 10, RED)})
    assert watcher.see(2, {"a": (10, 10, RED), "new": (90, 40, RED)}) == {"a": 0, "new": 2}


def test_the_sum_of_all_is_best_not_the_first_choice() -> None:
    """A lies nearest to where B was. Who takes the nearest pair first leaves the other without one."""
    watcher = Watcher()
    for frame in range(2):
        watcher.see(frame, {"a": (20, 40, RED), "b": (44, 40, RED)})
    assert watcher.see(2, {"a": (34, 40, RED), "b": (58, 40, RED)}) == {"a": 0, "b": 1}


def test_memory_reaches_over_some_frames_whatever_the_step() -> None:
    watcher = Watcher(step=50)
    watcher.see(0, {"a": (60, 40, RED)})
    assert watcher.see(100, {"a": (62, 40, RED)}) == {"a": 0}


def test_it_goes_on_from_its_state_as_if_nothing_had_happened() -> None:
    one, other = Watcher(), Watcher()
    moving = [
        {"a": (10 + 4 * frame, 40.0, RED), "b": (150 - 4 * frame, 46.0, RED), "c": (90.0, 3.0 * frame, BLUE)}
        for frame in range(30)
    ]
    straight = [one.see(frame, things) for frame, things in enumerate(moving)]
    broken = []
    for frame, things in enumerate(moving):
        broken.append(other.see(frame, things))
        state = msgpack.unpackb(msgpack.packb(other.linker.state()), raw=False)
        other.linker = Linker(step=1)
        other.linker.restore(state)
    assert broken == straight
    assert other.linker.state() == one.linker.state()


@pytest.mark.parametrize("step", [1, 3])
def test_a_crowd_keeps_its_identities(step: int) -> None:
    """Eight things of four looks in all directions; of 100 detections one at most may go wrong."""
    linker, next_number = Linker(step=step), 0
    told, count = [], 0
    for place, scene in enumerate(scenes(crowd(77), frames=80, step=step)):
        whos = sorted(scene.masks)
        boxes = [box_of(scene.masks[who]) for who in whos]
        looks = [look_of(scene.rgb, scene.masks[who]) for who in whos]
        numbers = linker.link(boxes, looks, frame=place * step, next_number=next_number)
        next_number = max([next_number, *(number + 1 for number in numbers)])
        told.append(dict(zip(whos, numbers, strict=True)))
        count += len(whos)
    assert count > 300
    assert switches(told) + takeovers(told) <= count / 100

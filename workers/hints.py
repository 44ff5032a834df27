"""Where a run may have gone wrong, noticed while it tracks: score drops and identity jumps.

Of each object it keeps its recent level of confidence and its recent motion, a few numbers, and
compares every frame with them. Nothing here knows pictures, models or rows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from labeling.geometry.boxes import box_iou, shape_bounds
from labeling.geometry.shapes import Box, Shape
from workers.backends.base import Tracked

# Of a running mean: what a new frame counts. Ten frames or so are remembered.
SHARE = 0.1
# So many times the usual deviation is unusual.
UNUSUAL = 4.0
# However steady an object was: less than this is no drop, no jump and no change of size.
DROP_LEAST = 0.15
JUMP_LEAST = 0.5
RESIZE_LEAST = math.log(1.6)
# Two objects of a run whose boxes overlap so far are on the same thing.
SAME = 0.8
# Pixels: points and thin lines move by this as if they were as large.
SIZE_LEAST = 16.0


class Hint(NamedTuple):
    """A frame to look at first. ``kind`` is drop or jump, ``strength`` 0 to 1."""

    instance_id: int
    frame: int
    kind: str
    strength: float


@dataclass
class Trail:
    """What is remembered of one object. ``box`` is where it was seen last, None before it ever was.

    ``velocity`` is in pixels a frame, None until two frames are known; ``level`` and ``spread`` are of
    the confidence, ``wander`` of the distance from where it was expected, in sizes, ``growth`` of the
    change of its area, as logarithms.
    """

    box: tuple[float, float, float, float] | None = None
    velocity: tuple[float, float] | None = None
    missing: int = 0
    level: float | None = None
    spread: float = 0.0
    low: bool = False
    wander: float = 0.0
    growth: float = 0.0


class HintWatch:
    """Watches the objects of a part. It packs into a checkpoint and goes on from there."""

    def __init__(self) -> None:
        self.trails: dict[int, Trail] = {}
        self.together: set[tuple[int, int]] = set()

    def state(self) -> dict[str, Any]:
        """What ``restore`` needs, in plain values."""
        trails = {str(instance_id): asdict(trail) for instance_id, trail in self.trails.items()}
        return {"trails": trails, "together": sorted(self.together)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``."""
        self.trails = {int(instance_id): trail_of(told) for instance_id, told in state["trails"].items()}
        self.together = {(one, other) for one, other in state["together"]}

    def see(
        self, frame: int, tracked: Mapping[int, Tracked], *, fixed: Mapping[int, Shape | None]
    ) -> list[Hint]:
        """Return what is noticed on the next frame. ``fixed`` are shapes that people gave, None absent."""
        hints: list[Hint] = []
        for instance_id, shape in fixed.items():
            self.trails[instance_id] = Trail(box=None if shape is None else sides(shape))
        for instance_id, one in tracked.items():
            trail = self.trails.setdefault(instance_id, Trail())
            if one.shape is None:
                trail.missing += 1
                continue
            dropped = drop(trail, one.confidence)
            jumped = moved(trail, sides(one.shape))
            if dropped:
                hints.append(Hint(instance_id, frame, "drop", dropped))
            if jumped:
                hints.append(Hint(instance_id, frame, "jump", jumped))
        hints += self.meetings(frame, [pk for pk, one in tracked.items() if one.shape is not None], fixed)
        return strongest(hints)

    def meetings(self, frame: int, seen: list[int], fixed: Mapping[int, Shape | None]) -> list[Hint]:
        """Objects that come to lie on the same thing, from the frame on where they do."""
        here = seen + [instance_id for instance_id, shape in fixed.items() if shape is not None]
        places = {instance_id: box_of(self.trails[instance_id].box) for instance_id in here}
        together = {}
        for one, other in close_pairs(places):
            overlap = box_iou(places[one], places[other])
            if overlap >= SAME:
                together[(one, other)] = overlap
        fresh = together.keys() - self.together
        self.together = set(together)
        return [
            Hint(instance_id, frame, "jump", together[pair])
            for pair in sorted(fresh)
            for instance_id in pair
            if pair[0] in seen and pair[1] in seen
        ]


def drop(trail: Trail, confidence: float) -> float:
    """Return how far the score fell below its level, 0 when it did not; a fall is told once."""
    if trail.level is None:
        trail.level = confidence
        return 0.0
    below = trail.level - confidence
    fell = below > max(DROP_LEAST, UNUSUAL * trail.spread)
    told = below if fell and not trail.low else 0.0
    trail.low = fell
    trail.level += SHARE * (confidence - trail.level)
    trail.spread += SHARE * (abs(below) - trail.spread)
    return min(told, 1.0)


def moved(trail: Trail, place: tuple[float, float, float, float]) -> float:
    """Return how sure it is that this is another object than before, 0 when nothing speaks for it."""
    before, missing = trail.box, trail.missing
    trail.box, trail.missing = place, 0
    if before is None:
        return 0.0
    steps = missing + 1
    (x, y), (x_before, y_before) = centre(place), centre(before)
    step = ((x - x_before) / steps, (y - y_before) / steps)
    off = math.dist(step, trail.velocity or step) * steps / max(size(before), SIZE_LEAST)
    growth = abs(math.log(max(area(place), 1.0) / max(area(before), 1.0)))
    # Out of sight it may have moved on, one more frame's wander for each.
    wander_limit = max(JUMP_LEAST, UNUSUAL * trail.wander) * math.sqrt(steps)
    growth_limit = max(RESIZE_LEAST, UNUSUAL * trail.growth) * math.sqrt(steps)
    strength = max(excess(off, wander_limit), excess(growth, growth_limit))
    trail.wander += SHARE * (off / steps - trail.wander)
    trail.growth += SHARE * (growth / steps - trail.growth)
    trail.velocity = None if strength else smoothed(trail.velocity or step, step)
    return strength


def excess(value: float, limit: float) -> float:
    """Return 0 up to the limit, 0.5 at twice the limit, and towards 1 beyond."""
    return 0.0 if value <= limit else 1.0 - limit / value


def smoothed(velocity: tuple[float, float], step: tuple[float, float]) -> tuple[float, float]:
    """Half of what it was, half of what it is: an object may turn within a few frames."""
    return (velocity[0] + step[0]) / 2, (velocity[1] + step[1]) / 2


def close_pairs(places: Mapping[int, Box]) -> list[tuple[int, int]]:
    """Return pairs of objects, the smaller id first, whose boxes begin near enough to overlap so far."""
    ordered = sorted(places, key=lambda instance_id: places[instance_id].left)
    pairs = []
    for index, one in enumerate(ordered):
        reach = places[one].left + places[one].width * (1 / SAME - 1)
        for other in ordered[index + 1 :]:
            if places[other].left > reach:
                break
            pairs.append((min(one, other), max(one, other)))
    return pairs


def strongest(hints: list[Hint]) -> list[Hint]:
    """Return one hint for each instance and kind."""
    best: dict[tuple[int, str], Hint] = {}
    for hint in hints:
        known = best.get((hint.instance_id, hint.kind))
        if known is None or hint.strength > known.strength:
            best[hint.instance_id, hint.kind] = hint
    return list(best.values())


def sides(shape: Shape) -> tuple[float, float, float, float]:
    """Return left, top, width and height around a shape."""
    box = shape_bounds(shape)
    return box.left, box.top, box.width, box.height


def box_of(place: tuple[float, float, float, float] | None) -> Box:
    return Box(*(place or (0.0, 0.0, 0.0, 0.0)))


def centre(place: tuple[float, float, float, float]) -> tuple[float, float]:
    left, top, width, height = place
    return left + width / 2, top + height / 2


def size(place: tuple[float, float, float, float]) -> float:
    return math.hypot(place[2], place[3]) / math.sqrt(2)


def area(place: tuple[float, float, float, float]) -> float:
    return max(place[2], 1.0) * max(place[3], 1.0)


def trail_of(told: Mapping[str, Any]) -> Trail:
    """Return what was packed: lists are tuples again."""
    box = None if told["box"] is None else tuple(told["box"])
    velocity = None if told["velocity"] is None else tuple(told["velocity"])
    return Trail(**{**told, "box": box, "velocity": velocity})

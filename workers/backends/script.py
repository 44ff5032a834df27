"""The script that the scripted tracker follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import numpy as np

from workers.backends.base import BackendError

_MOTION_KEYS = {"dx", "dy", "missing", "confidence"}
_SCRIPT_KEYS = _MOTION_KEYS | {"delay_seconds", "fail_at", "read_frames", "objects"}


@dataclass(frozen=True)
class Motion:
    """What one object does. ``dx, dy``: pixels a frame, in the order of the media's frames.

    ``missing``: spans of frames, first and last inclusive, on which it is not seen.
    ``confidence``: (frame, value) in the order of frames, linear in between, constant outside.
    """

    dx: float = 0.0
    dy: float = 0.0
    missing: tuple[tuple[int, int], ...] = ()
    confidence: tuple[tuple[int, float], ...] = ((0, 0.9),)

    def is_missing(self, frame: int) -> bool:
        return any(first <= frame <= last for first, last in self.missing)

    def confidence_at(self, frame: int) -> float:
        frames, values = zip(*self.confidence, strict=True)
        return float(np.interp(frame, frames, values))


@dataclass(frozen=True)
class Script:
    """A whole script: ``motion`` for every object but those in ``objects``.

    ``delay_seconds``: how long each step takes. ``fail_at``: the frame that ends the pass with an
    error. ``read_frames``: whether each step reads its frame, as a real tracker does.
    """

    motion: Motion = Motion()
    objects: Mapping[int, Motion] | None = None
    delay_seconds: float = 0.0
    fail_at: int | None = None
    read_frames: bool = False

    def motion_of(self, object_id: int) -> Motion:
        return (self.objects or {}).get(object_id, self.motion)


def script_from_parameters(parameters: Mapping[str, object]) -> Script:
    """Read ``parameters["script"]`` (all of it is optional), for example::

        {"dx": 2, "dy": -0.5, "missing": [[10, 14]], "confidence": [[0, 1], [30, 0.4]],
         "delay_seconds": 0.01, "fail_at": 25, "read_frames": true,
         "objects": {"7": {"dx": -3}}}

    ``confidence`` may be a single number. An object in ``objects`` (by its id) takes what it
    leaves out from the rest of the script. Raises BackendError for anything else.
    """
    given = _mapping(parameters.get("script", {}), "The script")
    _refuse_others(given, _SCRIPT_KEYS)
    motion = _motion(given, Motion())
    objects = _mapping(given.get("objects", {}), "The script's objects")
    return Script(
        motion=motion,
        objects={_object_id(key): _motion_of_object(value, motion) for key, value in objects.items()},
        delay_seconds=_number(given.get("delay_seconds", 0), "delay_seconds", least=0),
        fail_at=None if given.get("fail_at") is None else _frame(given["fail_at"]),
        read_frames=bool(given.get("read_frames", False)),
    )


def _motion_of_object(given: object, default: Motion) -> Motion:
    mapping = _mapping(given, "A script of one object")
    _refuse_others(mapping, _MOTION_KEYS)
    return _motion(mapping, default)


def _motion(given: Mapping[str, object], default: Motion) -> Motion:
    return Motion(
        dx=_number(given.get("dx", default.dx), "dx"),
        dy=_number(given.get("dy", default.dy), "dy"),
        missing=tuple(_span(span) for span in _pairs(given.get("missing", default.missing), "missing")),
        confidence=_confidence(given.get("confidence", default.confidence)),
    )


def _confidence(given: object) -> tuple[tuple[int, float], ...]:
    if isinstance(given, int | float):
        given = [(0, given)]
    course = tuple(
        (_frame(frame), _number(value, "confidence", least=0, most=1))
        for frame, value in _pairs(given, "confidence")
    )
    if not course or any(first[0] >= later[0] for first, later in pairwise(course)):
        raise BackendError("The script's confidence needs pairs of frame and value, by rising frames.")
    return course


def _span(pair: tuple[object, object]) -> tuple[int, int]:
    first, last = _frame(pair[0]), _frame(pair[1])
    if last < first:
        raise BackendError(f"The script's missing span {first}-{last} ends before it starts.")
    return first, last


def _pairs(given: object, name: str) -> list[tuple[object, object]]:
    pairs = given if isinstance(given, Sequence) and not isinstance(given, str) else None
    if pairs is None or any(not isinstance(pair, list | tuple) or len(pair) != 2 for pair in pairs):
        raise BackendError(f"The script's {name} is not a list of pairs.")
    return [(pair[0], pair[1]) for pair in pairs]


def _number(given: object, name: str, *, least: float = -1e6, most: float = 1e6) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not least <= given <= most:
        raise BackendError(f"The script's {name} is not a number between {least:g} and {most:g}.")
    return float(given)


def _frame(given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or given < 0:
        raise BackendError(f"The script names {given!r} where the number of a frame belongs.")
    return given


def _object_id(key: object) -> int:
    if not str(key).isdecimal():
        raise BackendError(f"The script names {key!r} where the id of an object belongs.")
    return int(str(key))


def _mapping(given: object, name: str) -> Mapping[str, object]:
    if not isinstance(given, Mapping):
        raise BackendError(f"{name} is not a mapping of names to values.")
    return cast("Mapping[str, object]", given)


def _refuse_others(given: Mapping[str, object], known: set[str]) -> None:
    unknown = sorted(str(key) for key in given if key not in known)
    if unknown:
        raise BackendError(f"The script has {unknown[0]!r}, which it does not know.")

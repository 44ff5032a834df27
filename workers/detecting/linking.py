"""Which detections on successive frames are one object: by place, size and look, the best for all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lap
import numpy as np
from numpy.typing import NDArray

from labeling.geometry.boxes import box_ious
from labeling.geometry.shapes import Box
from workers.detecting.look import Look

MEMORY_FRAMES = 30
"""So many frames an object may be missed and still be the same, three that are looked at at least."""

_LEAST = 0.15
"""Affinity below which two detections are two objects."""

_DOUBTFUL = 0.7
"""A link is doubtful when another one has so much of its affinity."""

_CERTAIN = 0.5  # of the object's size: how far it strays from where its motion has it
_UNCERTAIN = 0.05  # more for each frame in between
_STEADY = 0.6  # of the velocity and of the look: how much of what was known is kept


@dataclass
class Track:
    """An object on its way. ``centre``, ``size`` in pixels, ``speed`` in pixels a frame: x and y."""

    number: int
    frame: int
    centre: NDArray[np.float64]
    size: NDArray[np.float64]
    speed: NDArray[np.float64]
    look: Look
    seen: int = 1

    def see(self, centre: NDArray[np.float64], size: NDArray[np.float64], look: Look, *, frame: int) -> None:
        """Go on from where it was found."""
        speed = (centre - self.centre) / (frame - self.frame)
        self.speed = speed if self.seen == 1 else _STEADY * self.speed + (1 - _STEADY) * speed
        mixed = _STEADY * self.look + (1 - _STEADY) * look
        self.look = np.asarray(mixed / np.linalg.norm(mixed), np.float32)
        self.centre, self.size, self.frame, self.seen = centre, size, frame, self.seen + 1


class Linker:
    """The objects of one class, as far as they were seen.

    ``doubts``: objects of the last frame that could as well be others, and how nearly so, 0..1.
    """

    def __init__(self, *, step: int) -> None:
        self.memory = max(MEMORY_FRAMES, 3 * step)
        self.tracks: list[Track] = []
        self.doubts: dict[int, float] = {}

    def link(self, boxes: Sequence[Box], looks: Sequence[Look], *, frame: int, next_number: int) -> list[int]:
        """Return the number of each detection's object; new ones are numbered from ``next_number`` on."""
        self.tracks = [track for track in self.tracks if frame - track.frame <= self.memory]
        centres = np.array([(box.left + box.width / 2, box.top + box.height / 2) for box in boxes])
        sizes = np.array([(box.width, box.height) for box in boxes])
        affinities = self.affinities(centres, sizes, looks, frame=frame)
        mine = assigned(affinities)
        doubts = ((self.tracks[track].number, doubt(affinities, track, one)) for one, track in mine.items())
        self.doubts = {number: strength for number, strength in doubts if strength >= _DOUBTFUL}
        numbers = []
        for place, look in enumerate(looks):
            track = mine.get(place)
            if track is None:
                known = Track(next_number, frame, centres[place], sizes[place], np.zeros(2), look)
                self.tracks.append(known)
                next_number += 1
            else:
                known = self.tracks[track]
                known.see(centres[place], sizes[place], look, frame=frame)
            numbers.append(known.number)
        return numbers

    def affinities(
        self, centres: NDArray[np.float64], sizes: NDArray[np.float64], looks: Sequence[Look], *, frame: int
    ) -> NDArray[np.float64]:
        """Return ``(tracks, detections)``: 0..1, how much each could be the same."""
        if not self.tracks or not len(centres):
            return np.zeros((len(self.tracks), len(centres)))
        gaps = np.array([frame - track.frame for track in self.tracks], np.float64)
        known = np.array([track.size for track in self.tracks])
        expected = np.array([track.centre for track in self.tracks])
        expected = expected + np.array([track.speed for track in self.tracks]) * gaps[:, None]
        reach = np.linalg.norm(known, axis=1) * (_CERTAIN + _UNCERTAIN * (gaps - 1))
        away = np.linalg.norm(expected[:, None] - centres[None], axis=2) / reach[:, None]
        shared = box_ious(np.hstack([expected - known / 2, known]), np.hstack([centres - sizes / 2, sizes]))
        place = (np.exp(-(away**2) / 2) + shared) / 2
        areas, others = known.prod(axis=1)[:, None], sizes.prod(axis=1)[None]
        grown = np.sqrt(np.minimum(areas, others) / np.maximum(areas, others))
        alike = np.array([track.look for track in self.tracks], np.float64) @ np.array(looks, np.float64).T
        affinities: NDArray[np.float64] = place * grown * np.clip(alike, 0, 1) ** 2
        return affinities

    def state(self) -> list[dict[str, Any]]:
        """What ``restore`` needs, in plain values."""
        return [
            {
                "number": track.number,
                "frame": track.frame,
                "seen": track.seen,
                "place": [*track.centre.tolist(), *track.size.tolist(), *track.speed.tolist()],
                "look": track.look.tobytes(),
            }
            for track in self.tracks
        ]

    def restore(self, state: Sequence[Mapping[str, Any]]) -> None:
        """Go on from ``state``."""
        self.tracks = []
        for told in state:
            centre, size, speed = np.array(told["place"], np.float64).reshape(3, 2)
            look = np.frombuffer(told["look"], np.float32)
            self.tracks.append(Track(told["number"], told["frame"], centre, size, speed, look, told["seen"]))


def doubt(affinities: NDArray[np.float64], track: int, detection: int) -> float:
    """Return how near another pair of the track or the detection comes to this one; 1: it is as good."""
    others = [*np.delete(affinities[track], detection), *np.delete(affinities[:, detection], track)]
    return min(1.0, float(max(others, default=0.0) / affinities[track, detection]))


def assigned(affinities: NDArray[np.float64]) -> dict[int, int]:
    """Return detection → track, so that the sum of affinities is greatest; a pair has ``_LEAST`` at least."""
    if not affinities.size:
        return {}
    costs = 1 - affinities
    _, mine, _ = lap.lapjv(costs, extend_cost=True, cost_limit=1 - _LEAST)
    pairs = {int(detection): track for track, detection in enumerate(mine) if detection >= 0}
    return {detection: track for detection, track in pairs.items() if affinities[track, detection] >= _LEAST}

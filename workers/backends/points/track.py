"""Polylines, keypoints and skeletons: followed vertex by vertex."""

from __future__ import annotations

from typing import Any

import numpy as np

from labeling.geometry.shapes import BoolMask, Points, Visibility
from workers.backends.base import Tracked
from workers.backends.fast.track import Transition
from workers.backends.fast.view import FrameView
from workers.backends.points.company import carried, leaders
from workers.backends.points.hold import Hold
from workers.backends.points.look import Placed
from workers.backends.points.regain import found_again
from workers.backends.points.support import common_moves, neighbourhood_moves
from workers.backends.points.vertex import Vertex
from workers.backends.points.vertices import PointShape, shape_vertices, shape_with_vertices

_REACH = (28.0, 64.0)  # pixels around a vertex that count as its neighbourhood, least and most
_SEARCH, _SEARCH_WIDER, _SEARCH_MOST = 12, 4, 96  # pixels: beside others; more a frame without; at most
_TRIES = 4  # vertices that are looked for on a frame where none is seen
_ENOUGH = 3  # vertices that are seen: from here on one can go astray
_ALONE_ABOVE = 0.92  # likeness at which a single point is found far off
_ASTRAY, _ASTRAY_SHARE = 12.0, 0.1  # pixels, of the extent: no vertex steps so far off the way of the others
_SLOWER = 0.95  # a frame
_INERTIA = 0.3


class PointTrack:
    """The vertices that the seed shows are followed by their looks; the others move along with them.

    Of very many vertices every n-th is followed and leads those beside it.
    """

    def __init__(self, shape: PointShape, key: Points, followed: dict[int, Vertex]) -> None:
        """``key``: ``(n, 2)``, the vertices of the seed ``shape`` in pixels of ``fine_grey``."""
        self._shape = shape
        self._key = key
        self._places = key.copy()
        self._followed = followed
        self._leaders = leaders(_shown(shape))
        self._speed = np.zeros(2)
        self._age = 0

    @classmethod
    def from_seed(cls, shape: PointShape, view: FrameView, *, support: BoolMask | None = None) -> PointTrack:
        """Note how the picture looks at the vertices.

        ``support``: ``(height, width)`` of the picture, where another tracker sees the object. Vertices that
        are off it from the beginning are never held to it.
        """
        track = cls(shape, shape_vertices(shape)[0] * view.fine_scale, {})
        hold = Hold.of(support, view, extent=track._extent)
        for index in np.unique(track._leaders[track._leaders >= 0]).tolist():
            place = track._key[index]
            track._followed[index] = Vertex.at(view.fine_grey, place, held=hold.has(place))
        return track

    def step(self, transition: Transition, *, support: BoolMask | None = None) -> Tracked:
        """Follow the object to the next frame.

        ``support``: ``(height, width)`` of the picture, where another tracker sees the object on the new
        frame. A vertex that is off it, by more than a small margin, is not the object's and counts as lost.
        """
        self._age += 1
        view = transition.current
        hold = Hold.of(support, view, extent=self._extent)
        self._follow(transition, hold)
        self._hold_together()
        self._carry()
        self._regain(view, hold)
        return self._tracked(view)

    @property
    def _extent(self) -> float:
        """The longer side of the box around all vertices, in pixels of ``fine_grey``."""
        return float(np.ptp(self._places, axis=0).max())

    @property
    def _reach(self) -> float:
        return float(np.clip(self._extent / 4, *_REACH))

    def _seen(self) -> list[Vertex]:
        return [vertex for vertex in self._followed.values() if not vertex.lost]

    def _follow(self, transition: Transition, hold: Hold) -> None:
        seen = self._seen()
        for vertex in self._followed.values():
            vertex.lost += vertex.lost > 0
        if not seen:
            return
        before, after = transition.previous.fine_grey, transition.current.fine_grey
        places = np.array([vertex.place for vertex in seen])
        own, around = neighbourhood_moves(before, after, places, reach=self._reach)
        for number, vertex in enumerate(seen):
            vertex.follow(
                after,
                own=own.after[number] if own.good[number] else None,
                moves=common_moves(around, vertex.place, reach=self._reach),
                age=self._age,
            )
            if not vertex.lost and vertex.held and not hold.has(vertex.place):
                vertex.lose()

    def _hold_together(self) -> None:
        """Give up vertices that went another way than all the others."""
        seen = self._seen()
        if len(seen) < _ENOUGH:
            return
        before = np.array([vertex.before for vertex in seen])
        after = np.array([vertex.place for vertex in seen])
        turns, limit = [vertex.turn for vertex in seen], max(_ASTRAY, _ASTRAY_SHARE * self._extent)
        for number, vertex in enumerate(seen):
            others = np.delete(np.arange(len(seen)), number)
            expected, _ = carried(
                before[number],
                before=before[others],
                after=after[others],
                matrices=[turns[other] for other in others],
            )
            vertex.hold_to(expected, within=limit)

    def _carry(self) -> None:
        """Move what is not seen along with what is."""
        seen = [index for index, vertex in self._followed.items() if not vertex.lost]
        if not seen:
            # Out of sight it goes on as it went, slower and slower: there it is looked for.
            self._shift(self._speed)
            self._speed = self._speed * _SLOWER
            return
        vertices = [self._followed[index] for index in seen]
        after, matrices = (
            np.array([vertex.place for vertex in vertices]),
            [vertex.matrix for vertex in vertices],
        )
        step = np.mean([vertex.went for vertex in vertices], axis=0)
        for index in np.setdiff1d(np.arange(len(self._places)), seen).tolist():
            # From the key frame to here at once: steps would add up their errors.
            place, matrix = carried(self._key[index], before=self._key[seen], after=after, matrices=matrices)
            self._places[index] = place
            if index in self._followed:
                self._followed[index].wait_at(place, matrix, step=step)
        sure = [vertex.went for vertex in vertices if vertex.sure]
        if sure:
            self._speed = self._speed + _INERTIA * (np.median(sure, axis=0) - self._speed)

    def _shift(self, by: Points) -> None:
        """Move everything that is out of sight."""
        self._places = self._places + by
        for vertex in self._followed.values():
            if vertex.lost:
                vertex.place = vertex.place + by

    def _regain(self, view: FrameView, hold: Hold) -> None:
        """Look for the lost ones: near by where others say, further off where all are lost."""
        if self._seen():
            for vertex in self._followed.values():
                # One that is lost just now was looked for already.
                if vertex.lost > 1 and (found := self._found(vertex, view, hold, reach=_SEARCH)):
                    vertex.take(view.fine_grey, found, age=self._age)
        else:
            self._come_back(view, hold)

    def _come_back(self, view: FrameView, hold: Hold) -> None:
        """Find the whole object again: one vertex somewhere, and others where they then should be.

        One point alone looks like many things. Of an object of several at least half have to be found
        together; a single one has to look very much as it did.
        """
        vertices = list(self._followed.values())
        wanted = max(min(len(vertices), 2), (len(vertices) + 1) // 2)
        for turn in range(min(_TRIES, len(vertices))):
            first = vertices[(self._age * _TRIES + turn) % len(vertices)]
            reach = min(_SEARCH + _SEARCH_WIDER * first.lost, _SEARCH_MOST)
            lead = self._found(first, view, hold, reach=reach)
            if lead is None or (len(vertices) == 1 and lead.likeness < _ALONE_ABOVE):
                continue
            by = lead.place - first.place
            self._shift(by)
            found = [(vertex, self._found(vertex, view, hold, reach=_SEARCH // 2)) for vertex in vertices]
            seen = [(vertex, placed) for vertex, placed in found if placed is not None]
            if len(seen) >= wanted:
                for vertex, placed in seen:
                    vertex.take(view.fine_grey, placed, age=self._age)
                return
            self._shift(-by)

    def _found(self, vertex: Vertex, view: FrameView, hold: Hold, *, reach: int) -> Placed | None:
        found = found_again(view.fine_grey, vertex, reach=reach)
        return found if found is not None and (not vertex.held or hold.has(found.place)) else None

    def _tracked(self, view: FrameView) -> Tracked:
        for index, vertex in self._followed.items():
            self._places[index] = vertex.place
        if not self._seen():
            return Tracked(shape=None, confidence=0.0)
        seen = np.array([index >= 0 and not self._followed[index].lost for index in self._leaders.tolist()])
        places = self._places / view.fine_scale
        shape = shape_with_vertices(
            self._shape, places, seen=seen, width=view.full_width, height=view.full_height
        )
        confidence = float(np.mean([vertex.confidence for vertex in self._followed.values()]))
        return Tracked(shape=shape, confidence=min(1.0, confidence))

    def state(self) -> dict[str, Any]:
        return {
            "kind": "points",
            "shape": self._shape,
            "key": self._key,
            "places": self._places,
            "followed": {index: vertex.state() for index, vertex in self._followed.items()},
            "speed": self._speed,
            "age": self._age,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> PointTrack:
        """Return the track that ``state`` was taken of."""
        followed = {index: Vertex.from_state(vertex) for index, vertex in state["followed"].items()}
        track = cls(state["shape"], state["key"], followed)
        track._places, track._speed, track._age = state["places"], state["speed"], state["age"]
        return track


def _shown(shape: PointShape) -> BoolMask:
    return np.array([one is Visibility.VISIBLE for one in shape_vertices(shape)[1]], np.bool_)

"""One vertex on its way: where it is, what it looks like, whether it is seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from labeling.geometry.shapes import Points
from workers.backends.points.look import Floats, Look, Placed, patch_at
from workers.backends.points.support import CommonMove, Grey

_LOST_BELOW = 0.75  # likeness to all looks known
_STRAY = 4.0  # pixels off what its neighbourhood says, where likeness has to be better:
_SURE_ABOVE = 0.9
_OFF, _SOFTLY = 10.0, 0.8  # pixels, and a frame: from where a vertex is lost to where it should be
_KNOWN_ABOVE = 0.9  # likeness from which the present look is worth remembering
_REMEMBER_EVERY = 3
_KEY_ABOVE = 0.75  # likeness to the key frame from which its place is taken, which does not drift


@dataclass
class Vertex:
    """A vertex that the seed shows. Place and matrix (key frame to now) are in pixels of ``fine_grey``.

    ``held``: whether it has to stay on the object's mask, where there is one. ``lost``: frames since it was
    last seen, 0 while it is. ``went`` is how far it went in its last step, ``turn`` how its surroundings
    turned and grew in it, and ``agreement``, 0..1, which part of them did.
    """

    place: Points
    matrix: Floats
    key: Look
    recent: Look
    held: bool = True
    lost: int = 0
    likeness: float = 1.0
    went: Points = field(default_factory=lambda: np.zeros(2))
    off: Points = field(default_factory=lambda: np.zeros(2))
    agreement: float = 0.0
    turn: Floats = field(default_factory=lambda: np.eye(2))

    @classmethod
    def at(cls, grey: Grey, place: Points, *, held: bool = True) -> Vertex:
        """Note how the picture looks at ``place``."""
        look = Look(patch_at(grey, place, np.eye(2)))
        return cls(place, np.eye(2), look, look, held=held)

    @property
    def confidence(self) -> float:
        """How alike it is, 0..1, less where its neighbourhood moved another way; 0 while it is lost."""
        return 0.0 if self.lost else max(0.0, self.likeness) * (0.7 + 0.3 * self.agreement)

    @property
    def sure(self) -> bool:
        """Whether it is seen, and nothing else looks as it does."""
        return not self.lost and self.likeness >= _SURE_ABOVE

    def follow(self, grey: Grey, *, own: Points | None, moves: list[CommonMove], age: int) -> None:
        """Go to where the vertex is now, or mark it as lost.

        ``own`` is where its own pixels went, None where their way back did not end here; ``moves`` are
        what its neighbourhood agrees on.
        """
        starts = [(move.applied(self.place), move) for move in moves]
        starts.append((self.place + self.went, CommonMove(np.eye(2), self.went, 0.0)))
        if own is not None:
            nearest = min(starts, key=lambda start: _apart(start[0], own))
            starts.append((own, nearest[1]))
        tried = [(self._found_from(grey, place, move), move) for place, move in starts]
        found, move = max(tried, key=lambda one: one[0].likeness)
        apart = min((_apart(found.place, place) for place, _ in starts[: len(moves)]), default=0.0)
        wanted = _LOST_BELOW if apart < _STRAY else _SURE_ABOVE
        if found.likeness < wanted or not _inside(found.place, grey):
            self.lose()
            return
        self.agreement = move.agreement if apart < _STRAY else 0.0
        self.went, self.turn = found.place - self.place, found.matrix @ np.linalg.inv(self.matrix)
        self.take(grey, found, age=age)

    def _found_from(self, grey: Grey, place: Points, move: CommonMove) -> Placed:
        """Return where the vertex is near ``place``, by the key frame's look where that can be seen."""
        found = self.recent.aligned(grey, place, move.matrix @ self.matrix)
        by_key = self.key.aligned(grey, found.place, found.matrix)
        return by_key if by_key.likeness >= min(_KEY_ABOVE, found.likeness) else found

    def take(self, grey: Grey, found: Placed, *, age: int) -> None:
        """Be where it was found, and remember from time to time how it looks there."""
        self.place, self.matrix, self.likeness, self.lost = found.place, found.matrix, found.likeness, 0
        if found.likeness >= _KNOWN_ABOVE and age % _REMEMBER_EVERY == 0:
            self.recent = Look(patch_at(grey, found.place, found.matrix))

    @property
    def before(self) -> Points:
        """Where it was before its last step."""
        return self.place - self.went

    def hold_to(self, expected: Points, *, within: float) -> None:
        """Give the step up that took it ``within`` pixels or more off where the others went.

        Half as far is too far for a vertex that does not surely look like itself there.
        """
        if _apart(expected, self.place) > (within if self.sure else within / 2):
            self.place = self.before
            self.lose()

    def lose(self) -> None:
        """Count as lost; the place stays until ``wait_at`` moves it."""
        self.lost, self.likeness, self.agreement = 1, 0.0, 0.0

    def wait_at(self, place: Points, matrix: Floats, *, step: Points) -> None:
        """Be lost at ``place``, where the others, which went by ``step``, say it should be.

        From where it was last it goes there softly.
        """
        if self.lost == 1:
            off = self.place + step - place
            self.off = off * min(1.0, _OFF / max(float(np.hypot(*off)), _OFF))
        self.off = _SOFTLY * self.off
        self.place, self.matrix = place + self.off, matrix

    def state(self) -> dict[str, Any]:
        """Return the vertex for a checkpoint; ``agreement`` and ``turn`` are made anew by every step."""
        return {
            "place": self.place,
            "matrix": self.matrix,
            "key": self.key.patch,
            "recent": self.recent.patch,
            "held": self.held,
            "lost": self.lost,
            "likeness": self.likeness,
            "went": self.went,
            "off": self.off,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Vertex:
        """Return the vertex that ``state`` was taken of."""
        return cls(**{**state, "key": Look(state["key"]), "recent": Look(state["recent"])})


def _apart(one: Points, other: Points) -> float:
    return float(np.linalg.norm(one - other))


def _inside(place: Points, grey: Grey) -> bool:
    height, width = grey.shape
    return bool(0 <= place[0] <= width and 0 <= place[1] <= height)

"""What a reviewer should look at first of linked detections: as tracking notices it, and doubtful links."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from workers.backends.base import Tracked
from workers.far_sides import MISSING
from workers.hints import Hint, HintWatch, strongest


class Noticing:
    """Watches the objects of one class, by their numbers. It packs into a checkpoint and goes on."""

    def __init__(self) -> None:
        self.watch = HintWatch()
        self.doubted: set[int] = set()

    def see(
        self,
        frame: int,
        seen: Mapping[int, Tracked],
        *,
        known: Collection[int],
        doubts: Mapping[int, float],
    ) -> list[Hint]:
        """Return what is noticed on the next frame that is looked at, numbers standing for instances.

        ``known``: all that are remembered, ``seen`` or not. ``doubts``: links that could as well have been
        others, 0..1; one that stays doubtful is told once.
        """
        missing = {number: MISSING for number in known if number not in seen}
        hints = self.watch.see(frame, {**missing, **seen}, fixed={})
        fresh = doubts.keys() - self.doubted
        hints += [Hint(number, frame, "jump", doubts[number]) for number in sorted(fresh)]
        self.doubted = set(doubts)
        self.watch.trails = {number: trail for number, trail in self.watch.trails.items() if number in known}
        return strongest(hints)

    def state(self) -> dict[str, Any]:
        """What ``restore`` needs, in plain values."""
        return {"watch": self.watch.state(), "doubted": sorted(self.doubted)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``."""
        self.watch.restore(state["watch"])
        self.doubted = set(state["doubted"])

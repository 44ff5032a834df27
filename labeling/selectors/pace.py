"""How fast work goes: the workers that are there, at the speeds of parts done lately."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labeling.selectors.jobs import Range, speeds_of_each
from labeling.selectors.workers import Fleet, Work


@dataclass(frozen=True)
class Pace:
    """What is known of some algorithms. ``speeds`` has those of which enough was done."""

    fleet: Fleet
    speeds: Mapping[str, Range]

    def seconds(self, work: Mapping[Work, float], *, workers: int | None = None) -> Range | None:
        """How long ``work`` takes so many workers, or those that are there; None where it is unknown.

        One algorithm after the other, since the same workers may run all of them.
        """
        least = most = 0.0
        for kind, cost in work.items():
            speeds, able = self.speeds.get(kind[1]), self.fleet.able[kind]
            if speeds is None or not able:
                return None
            slowest, fastest = speeds
            least += cost / fastest / (workers or able)
            most += cost / slowest / (workers or able)
        return least, most


def pace_of(*works: Mapping[Work, object], fleet: Fleet) -> Pace:
    """Return the pace of all algorithms of ``works``, in two queries."""
    return Pace(fleet, speeds_of_each({algorithm for some in works for _, algorithm in some}))

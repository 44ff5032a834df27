"""When jobs have their turn, and when they are done: their place in the queue and a range of seconds.

By priority and age, over the live workers, at the speeds of parts done lately. Fair shares between projects
may let others pass, so it is a forecast.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache

from labeling.models import Part, PartState
from labeling.selectors.jobs import speeds_of
from labeling.selectors.workers import runs, workers_taking

LOOKED_AT = 1000
"""Places beyond are not counted: a page would take long for a number that nobody needs."""

Range = tuple[float, float]
Work = tuple[str, str]
"""Queue and algorithm."""


@dataclass(frozen=True)
class Forecast:
    """``position`` of the job's first part that waits, from 1; None where none waits, or where
    it is ``beyond`` those that were looked at. ``seconds`` until it is done; None is unknown.
    """

    position: int | None = None
    beyond: bool = False
    seconds: Range | None = None


def forecasts(job_ids: Collection[int]) -> dict[int, Forecast]:
    """Return the forecast of each job that has something to do, in a number of queries that does not grow."""
    unfinished = Part.objects.filter(job__in=job_ids, state__in=(PartState.QUEUED, PartState.RUNNING))
    parts: dict[int, list[Part]] = defaultdict(list)
    for part in unfinished.defer("plan", "checkpoint"):
        parts[part.job_id].append(part)
    waits = {part.capability for some in parts.values() for part in some if part.state == PartState.QUEUED}
    lines = {capability: Line(capability) for capability in waits}
    pace = Pace()
    return {job_id: forecast(some, lines, pace) for job_id, some in parts.items()}


def forecast(parts: list[Part], lines: dict[str, Line], pace: Pace) -> Forecast:
    """The forecast of one job, whose unfinished ``parts`` are these: it is done when the last of them is."""
    position, beyond, ends = None, False, list[Range | None]()
    for part in parts:
        if part.state == PartState.RUNNING:
            ends.append(pace.seconds({(part.capability, part.algorithm): rest(part)}, workers=1))
            continue
        place = lines[part.capability].place_of(part)
        beyond = beyond or place is None
        if place is None:
            ends.append(None)
            continue
        position = min(position or place, place)
        ahead = pace.seconds(lines[part.capability].ahead(place))
        own = pace.seconds({(part.capability, part.algorithm): part.cost}, workers=1)
        ends.append((ahead[0] + own[0], ahead[1] + own[1]) if ahead and own else None)
    return Forecast(position, beyond and position is None, latest(ends))


def latest(ends: Iterable[Range | None]) -> Range | None:
    """The last of some ends; unknown if one of them is."""
    least = most = 0.0
    for end in ends:
        if end is None:
            return None
        least, most = max(least, end[0]), max(most, end[1])
    return round(least, 1), round(most, 1)


def rest(part: Part) -> float:
    """What is left to do of a part that runs."""
    return part.cost * (1 - part.frames_done / max(part.frames_total, 1))


class Line:
    """What waits in one queue, in the order in which it is taken, and before it what runs."""

    def __init__(self, capability: str) -> None:
        # The ids come first, from the index of what waits alone: whole parts are long.
        waiting = Part.objects.filter(state=PartState.QUEUED, capability=capability)
        pks = list(waiting.order_by("-priority", "id").values_list("pk", flat=True)[:LOOKED_AT])
        told = waiting.filter(pk__in=pks).values_list("pk", "algorithm", "cost")
        works = {pk: (pk, algorithm, cost) for pk, algorithm, cost in told}
        self.rows = [works[pk] for pk in pks if pk in works]
        self.capability = capability
        self.places = {pk: place for place, (pk, _, _) in enumerate(self.rows, start=1)}

    def place_of(self, part: Part) -> int | None:
        return self.places.get(part.pk)

    def ahead(self, place: int) -> dict[Work, float]:
        """What stands before a place, by algorithm."""
        work: dict[Work, float] = defaultdict(float)
        for _, algorithm, cost in self.rows[: place - 1]:
            work[self.capability, algorithm] += cost
        return work


class Pace:
    """How fast work goes: speeds and workers, asked once each."""

    def __init__(self) -> None:
        self.speeds = cache(speeds_of)
        workers = workers_taking()
        self.able = cache(
            lambda work: sum(work[0] in one.capabilities and work[1] in runs(one) for one in workers)
        )

    def seconds(self, work: dict[Work, float], *, workers: int | None = None) -> Range | None:
        """How long ``work`` takes so many workers, or those that are there; None where it is unknown."""
        least = most = 0.0
        for kind, cost in work.items():
            speeds, able = self.speeds(kind[1]), self.able(kind)
            if speeds is None or not able:
                return None
            slowest, fastest = speeds
            least, most = (
                least + cost / fastest / (workers or able),
                most + cost / slowest / (workers or able),
            )
        return least, most

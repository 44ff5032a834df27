"""When jobs have their turn, and when they are done: their place in the queue and a range of seconds.

By priority and age, behind what runs, over the live workers, at the speeds of parts done lately. Fair shares
between projects may let others pass, so it is a forecast.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from labeling.models import Part, PartState
from labeling.selectors.jobs import Range
from labeling.selectors.pace import Pace, pace_of
from labeling.selectors.workers import Fleet, Work
from labeling.statements import rows_of

LOOKED_AT = 1000
"""Places beyond are not counted: a page would take long for a number that nobody needs."""

# The ids come first, from the index of what waits alone: whole parts are long.
WAITING = f"""
SELECT * FROM (
    SELECT id FROM labeling_part WHERE state = 'queued' AND capability = %s
    ORDER BY priority DESC, id LIMIT {LOOKED_AT}
) {{one}}
"""  # noqa: S608  (a number of ours)
LINES = """
SELECT part.id, part.capability, part.algorithm, part.cost
FROM ({waiting}) waiting JOIN labeling_part part ON part.id = waiting.id
ORDER BY part.priority DESC, part.id
"""


@dataclass(frozen=True)
class Forecast:
    """``position`` of the job's first part that waits, from 1; None where none waits, or where
    it is ``beyond`` those that were looked at. ``seconds`` until it is done; None is unknown.
    """

    position: int | None = None
    beyond: bool = False
    seconds: Range | None = None


def forecasts(job_ids: Collection[int], *, fleet: Fleet | None = None) -> dict[int, Forecast]:
    """Return the forecast of each job that has something to do, in a number of queries that does not grow.

    ``fleet``: the workers, if they are known.
    """
    unfinished = Part.objects.filter(job__in=job_ids, state__in=(PartState.QUEUED, PartState.RUNNING))
    parts: dict[int, list[Part]] = defaultdict(list)
    for part in unfinished.defer("plan", "checkpoint"):
        parts[part.job_id].append(part)
    if not parts:
        return {}
    waits = {part.capability for some in parts.values() for part in some if part.state == PartState.QUEUED}
    lines = lines_of(waits)
    own = {work_of(part): part.cost for some in parts.values() for part in some}
    pace = pace_of(own, *(line.works for line in lines.values()), fleet=fleet or Fleet())
    return {job_id: forecast(some, lines, pace) for job_id, some in parts.items()}


def forecast(parts: list[Part], lines: Mapping[str, Line], pace: Pace) -> Forecast:
    """The forecast of one job, whose unfinished ``parts`` are these: it is done when the last of them is."""
    position, beyond, ends = None, False, list[Range | None]()
    for part in parts:
        if part.state == PartState.RUNNING:
            ends.append(pace.seconds({work_of(part): rest(part)}, workers=1))
            continue
        line = lines[part.capability]
        place = line.places.get(part.pk)
        beyond = beyond or place is None
        if place is None:
            ends.append(None)
            continue
        position = min(position or place, place)
        own = pace.seconds({work_of(part): part.cost}, workers=1)
        ahead = pace.seconds(line.ahead(place)) if own else None
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


def work_of(part: Part) -> Work:
    return part.capability, part.algorithm


def rest(part: Part) -> float:
    """What is left to do of a part that runs."""
    return part.cost * (1 - part.frames_done / max(part.frames_total, 1))


class Line:
    """What waits in one queue, in the order in which it is taken, and before it what runs."""

    def __init__(self) -> None:
        self.running: dict[Work, float] = defaultdict(float)
        self.waiting: list[tuple[Work, int]] = []
        self.places: dict[int, int] = {}
        """Of each part that waits, from 1."""

    def add(self, pk: int, work: Work, cost: int) -> None:
        self.waiting.append((work, cost))
        self.places[pk] = len(self.waiting)

    @property
    def works(self) -> dict[Work, float]:
        return self.ahead(len(self.waiting) + 1)

    def ahead(self, place: int) -> dict[Work, float]:
        """What stands before a place, by algorithm: the rest of what runs, and what waits before it."""
        work = defaultdict(float, self.running)
        for kind, cost in self.waiting[: place - 1]:
            work[kind] += cost
        return work


def lines_of(capabilities: Collection[str]) -> dict[str, Line]:
    """Return the line of each queue; two queries, however many."""
    lines = {capability: Line() for capability in sorted(capabilities)}
    waiting = " UNION ALL ".join(WAITING.replace("{one}", f"queue_{number}") for number in range(len(lines)))
    told = rows_of(LINES.replace("{waiting}", waiting), list(lines)) if lines else []
    for pk, capability, algorithm, cost in told:
        lines[capability].add(pk, (capability, algorithm), cost)
    running = Part.objects.filter(state=PartState.RUNNING, capability__in=lines)
    for part in running.only("capability", "algorithm", "cost", "frames_done", "frames_total"):
        lines[part.capability].running[work_of(part)] += rest(part)
    return lines

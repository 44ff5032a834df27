"""Where an object's labels leave frames open between two of them: what interpolation fills."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from labeling.models import Provenance
from labeling.selectors.review_ranges import Ranges, accepted_ranges
from labeling.statements import places, rows_of

# What stays is a label that was not interpolated, or one that is protected or accepted, whatever made it.
# A gap lies between two that stay and are shapes: an absent mark between two labels ends one, too.
GAPS = """
SELECT instance_id, before, frame
FROM (
    SELECT instance_id, frame, geometry IS NULL AS absent,
           LAG(frame) OVER around AS before, LAG(geometry IS NULL) OVER around AS absent_before
    FROM labeling_label label
    WHERE instance_id IN ({instances}) AND (provenance <> {interpolated} OR protected OR EXISTS (
        SELECT 1 FROM labeling_reviewdecision accepted
        WHERE accepted.decision = 'accepted' AND accepted.instance_id = label.instance_id
            AND label.frame BETWEEN accepted.first_frame AND accepted.last_frame
    ))
    WINDOW around AS (PARTITION BY instance_id ORDER BY frame)
) AS fixed
WHERE before < frame - 1 AND NOT absent AND NOT absent_before AND before < %s AND frame > %s
ORDER BY instance_id, frame
""".replace("{interpolated}", str(int(Provenance.INTERPOLATED)))


@dataclass(frozen=True, slots=True)
class Gap:
    """Open frames of an instance: those of ``first`` to ``last``, inclusive, that are not ``locked``.

    ``before`` and ``after`` are the labelled frames that they lie between; they may lie outside the
    range that was asked for. ``locked`` are ranges that were accepted, gaps included.
    """

    instance_id: int
    before: int
    after: int
    first: int
    last: int
    locked: tuple[tuple[int, int], ...] = ()

    def frames(self, *, after: int | None = None) -> Iterator[int]:
        """The open frames in order, those after ``after`` only."""
        start = self.first if after is None else max(self.first, after + 1)
        for frame in range(start, self.last + 1):
            if not any(first <= frame <= last for first, last in self.locked):
                yield frame

    def within(self, first: int, last: int) -> Gap:
        """The gap as far as it lies in ``first`` to ``last``, inclusive; it may be empty then."""
        start, end = max(self.first, first), min(self.last, last)
        return replace(self, first=start, last=end, locked=clipped(self.locked, first=start, last=end))

    def __len__(self) -> int:
        held = sum(last - first + 1 for first, last in self.locked)
        return max(self.last - self.first + 1 - held, 0)


def gaps_of(instance_ids: Collection[int], *, first: int, last: int) -> list[Gap]:
    """Return the gaps of the instances that reach into ``first`` to ``last`` (inclusive), in order."""
    if not instance_ids:
        return []
    statement = GAPS.replace("{instances}", places(len(instance_ids)))
    rows = rows_of(statement, [*instance_ids, last, first])
    accepted = accepted_ranges({instance_id for instance_id, *_ in rows})
    gaps = [gap_between(accepted, *row, first=first, last=last) for row in rows]
    return [gap for gap in gaps if len(gap)]


def gap_between(accepted: Ranges, instance_id: int, before: int, after: int, *, first: int, last: int) -> Gap:
    start, end = max(before + 1, first), min(after - 1, last)
    locked = clipped(accepted.get(instance_id, ()), first=start, last=end)
    return Gap(instance_id, before, after, start, end, locked)


def clipped(ranges: Sequence[tuple[int, int]], *, first: int, last: int) -> tuple[tuple[int, int], ...]:
    """Return what of the ranges, which do not overlap, lies inside ``first`` to ``last``."""
    cut = ((max(start, first), min(end, last)) for start, end in ranges)
    return tuple((start, end) for start, end in cut if start <= end)

"""Where instances are accepted: ranges that nobody may write into."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from labeling.statements import places, rows_of

Ranges = dict[int, list[tuple[int, int]]]
"""Instance id to inclusive frame ranges."""

ACCEPTED = """
SELECT instance_id, first_frame, last_frame FROM labeling_reviewdecision
WHERE decision = 'accepted' AND instance_id IN ({instances})
"""


def accepted_ranges(instance_ids: Collection[int]) -> Ranges:
    """Return the accepted ranges of each instance; instances without one are left out."""
    ranges: Ranges = defaultdict(list)
    if not instance_ids:
        return {}
    statement = ACCEPTED.replace("{instances}", places(len(instance_ids)))
    for instance_id, first, last in rows_of(statement, list(instance_ids)):
        ranges[instance_id].append((first, last))
    return dict(ranges)


def frame_in(ranges: Iterable[tuple[int, int]], frame: int) -> bool:
    """True when ``frame`` lies in one of the inclusive ranges."""
    return any(first <= frame <= last for first, last in ranges)

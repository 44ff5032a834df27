"""The labels that tracking starts from: where they are, and whether anything can be followed from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labeling.geometry.coverage import shape_share
from labeling.geometry.errors import ShapeError
from labeling.geometry.packing import shape_unpack
from labeling.models import Instance, Media
from labeling.selectors.media import frame_sizes
from labeling.statements import places, rows_of

# Each instance's nearest label at or before the start of the range, and its first one inside.
FORWARDS = """
SELECT instance_id, MAX(CASE WHEN frame <= %s THEN frame END), MIN(CASE WHEN frame > %s THEN frame END)
FROM labeling_label
WHERE instance_id IN ({instances}) AND geometry IS NOT NULL AND frame <= %s
GROUP BY instance_id
"""
BACKWARDS = """
SELECT instance_id, MIN(CASE WHEN frame >= %s THEN frame END), MAX(CASE WHEN frame < %s THEN frame END)
FROM labeling_label
WHERE instance_id IN ({instances}) AND geometry IS NOT NULL AND frame >= %s
GROUP BY instance_id
"""
SHAPES = "SELECT instance_id, geometry FROM labeling_label WHERE (instance_id, frame) IN (VALUES {seeds})"
SHAPES_A_READ = 200

WHOLE = 0.995
"""A seed that covers so much of its frame leaves nothing to tell the object from."""


def seed_frames(*, instances: Sequence[Instance], start: int, end: int, forwards: bool) -> dict[int, int]:
    """Return each instance's seed frame; instances without a seed are left out."""
    statement = FORWARDS if forwards else BACKWARDS
    statement = statement.replace("{instances}", places(len(instances)))
    pks = [instance.pk for instance in instances]
    rows = rows_of(statement, [start, start, *pks, end])
    return {pk: inside if before is None else before for pk, before, inside in rows}


def seed_faults(seeds: Mapping[int, int], *, media: Media) -> dict[int, str]:
    """Return what is wrong with seeds that nothing can be tracked from, as the end of a sentence.

    ``seeds`` maps instances to frames.
    """
    faults: dict[int, str] = {}
    sizes = frame_sizes(media)
    pairs = list(seeds.items())
    for start in range(0, len(pairs), SHAPES_A_READ):
        some = pairs[start : start + SHAPES_A_READ]
        statement = SHAPES.replace("{seeds}", ", ".join(["(%s, %s)"] * len(some)))
        for instance_id, geometry in rows_of(statement, [value for pair in some for value in pair]):
            size = sizes[seeds[instance_id]] if sizes else (media.width or 0, media.height or 0)
            fault = geometry_fault(bytes(geometry), size=size)
            if fault:
                faults[instance_id] = fault
    return faults


def geometry_fault(geometry: bytes, *, size: tuple[int, int]) -> str:
    """Return what is wrong with one seed, empty when nothing is."""
    width, height = size
    if not width or not height:
        return ""
    try:
        share = shape_share(shape_unpack(geometry), width=width, height=height)
    except ShapeError:
        return "cannot be read"
    if share is None:
        return ""
    if share <= 0:
        return "covers nothing of the frame"
    return "covers the whole frame" if share >= WHOLE else ""

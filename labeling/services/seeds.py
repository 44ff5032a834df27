"""The labels that tracking starts from: where they are, and whether anything can be followed from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labeling.geometry.coverage import shape_share
from labeling.geometry.errors import ShapeError
from labeling.geometry.packing import shape_unpack
from labeling.models import Instance, Media
from labeling.selectors.media import frame_sizes
from labeling.statements import rows_of

Span = tuple[int, int, int]
Size = tuple[int, int]

# Each instance's nearest label at or before the start of its range, and its first one inside.
FORWARDS = """
WITH wanted (instance_id, start, finish) AS (VALUES {wanted})
SELECT instance_id,
    (SELECT MAX(frame) FROM labeling_label
        WHERE instance_id = wanted.instance_id AND geometry IS NOT NULL AND frame <= start),
    (SELECT MIN(frame) FROM labeling_label
        WHERE instance_id = wanted.instance_id AND geometry IS NOT NULL AND frame > start AND frame <= finish)
FROM wanted
"""
BACKWARDS = """
WITH wanted (instance_id, start, finish) AS (VALUES {wanted})
SELECT instance_id,
    (SELECT MIN(frame) FROM labeling_label
        WHERE instance_id = wanted.instance_id AND geometry IS NOT NULL AND frame >= start),
    (SELECT MAX(frame) FROM labeling_label
        WHERE instance_id = wanted.instance_id AND geometry IS NOT NULL AND frame < start AND frame >= finish)
FROM wanted
"""
SHAPES = "SELECT instance_id, geometry FROM labeling_label WHERE (instance_id, frame) IN (VALUES {seeds})"
SHAPES_A_READ = 200
SPANS_A_READ = 2000

WHOLE = 0.995
"""A seed that covers so much of its frame leaves nothing to tell the object from."""


def seed_frames(*, instances: Sequence[Instance], start: int, end: int, forwards: bool) -> dict[int, int]:
    """Return each instance's seed frame; instances without a seed are left out."""
    return seeds_of([(instance.pk, start, end) for instance in instances], forwards=forwards)


def seeds_of(spans: Sequence[Span], *, forwards: bool = True) -> dict[int, int]:
    """``seed_frames`` for instances each with a range of its own: instance, start, end."""
    seeds: dict[int, int] = {}
    for begin in range(0, len(spans), SPANS_A_READ):
        some = spans[begin : begin + SPANS_A_READ]
        statement = FORWARDS if forwards else BACKWARDS
        statement = statement.replace("{wanted}", ", ".join(["(%s, %s, %s)"] * len(some)))
        for pk, before, inside in rows_of(statement, [value for span in some for value in span]):
            seed = inside if before is None else before
            if seed is not None:
                seeds[pk] = seed
    return seeds


def seed_faults(seeds: Mapping[int, int], *, media: Media) -> dict[int, str]:
    """Return what is wrong with seeds that nothing can be tracked from, as the end of a sentence.

    ``seeds`` maps instances to frames.
    """
    sizes = frame_sizes(media)
    whole = (media.width or 0, media.height or 0)
    return faults_of(seeds, sizes={pk: sizes[frame] if sizes else whole for pk, frame in seeds.items()})


def faults_of(seeds: Mapping[int, int], *, sizes: Mapping[int, Size]) -> dict[int, str]:
    """``seed_faults`` for instances of several media; ``sizes`` are those of the frames of their seeds."""
    faults: dict[int, str] = {}
    pairs = list(seeds.items())
    for start in range(0, len(pairs), SHAPES_A_READ):
        some = pairs[start : start + SHAPES_A_READ]
        statement = SHAPES.replace("{seeds}", ", ".join(["(%s, %s)"] * len(some)))
        for instance_id, geometry in rows_of(statement, [value for pair in some for value in pair]):
            fault = geometry_fault(bytes(geometry), size=sizes[instance_id])
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

"""What a prompt may be: media, class, points, box and words, each refused with its sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labeling.errors import conflict, refused
from labeling.geometry.errors import ShapeError
from labeling.geometry.masks import AREA_KINDS, KIND_NAMES
from labeling.geometry.shapes import Box, ShapeKind
from labeling.geometry.wire import shape_from_json
from labeling.lane.choosing import Offers
from labeling.models import Media, MediaState, ObjectClass
from labeling.selectors.stills import PICTURES


@dataclass(frozen=True)
class Click:
    """A point in pixels of the displayed frame, and whether the object is there."""

    x: float
    y: float
    include: bool


def media_check(media: Media) -> None:
    """Raise for a media that has no pictures to segment."""
    if media.state != MediaState.READY:
        raise conflict("media_not_ready", f"“{media}” is {MediaState(media.state).label.lower()}.")
    if media.kind not in PICTURES:
        noun = media.noun
        raise refused(
            "media_not_segmentable", f"{noun[0].upper()}{noun[1:]} cannot be segmented: it has no pictures."
        )


def shape_check(object_class: ObjectClass) -> None:
    """Raise for a class whose labels no mask can become."""
    shape = ShapeKind(object_class.shape)
    if shape not in AREA_KINDS:
        raise refused(
            "shape_not_segmentable",
            f"Objects of this shape cannot be segmented, only drawn: {KIND_NAMES[shape]} (“{object_class}”).",
        )


def box_of(told: Mapping[str, Any], *, width: int, height: int) -> Box:
    """Read a box of the frame. Raises ``invalid_shape`` (422)."""
    try:
        box = shape_from_json(ShapeKind.BOUNDING_BOX, told, width=width, height=height)
    except ShapeError as error:
        raise refused("invalid_shape", str(error)) from error
    assert isinstance(box, Box)  # noqa: S101  (its kind is)
    return box


def points_check(points: Sequence[Click], *, width: int, height: int) -> None:
    """Raise ``point_outside`` (422) for a point that is not in the frame; its edges belong to it."""
    for point in points:
        if not (0 <= point.x <= width and 0 <= point.y <= height):
            raise refused(
                "point_outside",
                f"The point {point.x:g}, {point.y:g} lies outside the frame of {width} x {height} pixels.",
            )


def included_check(points: Sequence[Click], box: Box | None) -> None:
    """Raise ``nothing_included`` (422) when nothing says where the object is."""
    if box is None and not any(point.include for point in points):
        raise refused(
            "nothing_included",
            "Click on the object, or draw a box around it: points that exclude say only where it is not.",
        )


def area_check(points: Sequence[Click], box: Box | None) -> None:
    """Raise for an area without a box, or with points: several objects are not clicked."""
    if box is None:
        raise refused("no_area", "Draw a box around the objects: without one there is no area to search.")
    frame_only_check(points, None)


def frame_only_check(points: Sequence[Click], box: Box | None) -> None:
    """Raise ``prompt_misfit`` (422) for points, or a box, that the mode has no use for."""
    if points:
        raise refused("prompt_misfit", "Points are for one object. Send none when several are looked for.")
    if box is not None:
        raise refused(
            "prompt_misfit", "All objects of the frame are looked for: send no box, or mode “area”."
        )


def words_check(words: str | None, *, examples: bool) -> None:
    """Raise ``empty_words`` (422) when words are given that say nothing, and no example does."""
    if words is not None and not words.strip() and not examples:
        raise refused("empty_words", "Say in words what to look for, or name one to three examples.")


def offers_check(offers: Offers, *, words: str, examples: bool, object_class: ObjectClass) -> None:
    """Raise when workers are there of which none can find all objects, saying what is possible."""
    if not offers.any or (words and offers.words) or (examples and offers.examples):
        return
    if not offers.examples:
        raise refused(
            "objects_not_found_here",
            "No worker finds all objects of a kind now. Click on them, or draw a box around each.",
        )
    raise refused(
        "words_not_understood",
        f"No worker understands words now, and no label of “{object_class}” can be an example yet. "
        "Label one, or name one to three examples: objects that look like them can be found.",
    )

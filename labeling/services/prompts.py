"""Clicks of a person on a frame: checked here, answered through the lane. Nothing is stored.

The draft becomes a label when the person saves it, by an edit like any other.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labeling.errors import conflict, refused
from labeling.frame_ranges import frame_check
from labeling.geometry.errors import ShapeError
from labeling.geometry.masks import AREA_KINDS, KIND_NAMES
from labeling.geometry.shapes import Box, ShapeKind
from labeling.geometry.wire import shape_from_json
from labeling.lane import lane
from labeling.lane.prompts import Picture, Prompt, Reply
from labeling.models import Media, MediaKind, MediaState, ObjectClass, Task, User
from labeling.selectors.media import frame_size
from labeling.selectors.stills import PICTURES

REPLY_SECONDS = 0.8
"""How long a request waits for its answer; after that it is followed."""

FOLLOW_SECONDS_MAX = 5.0
POINTS_MAX = 200
EDGE = 1e-3
"""Pixels: a point on the right or lower edge of the picture is moved inside by so much."""

WARM_MOST = 4


@dataclass(frozen=True)
class Click:
    """A point in pixels of the displayed frame, and whether the object is there."""

    x: float
    y: float
    include: bool


def prompt_send(
    *,
    user: User,
    task: Task,
    object_class: ObjectClass,
    frame: int,
    draft_id: str,
    seq: int,
    points: Sequence[Click],
    box_json: Mapping[str, Any] | None,
    clicker: str = "",
) -> tuple[str, Reply]:
    """Segment what the clicks mean; return the prompt's id and the reply that came in ``REPLY_SECONDS``.

    Raises 422 for what cannot be segmented or clicked (``media_not_segmentable``,
    ``shape_not_segmentable``, ``frame_out_of_range``, ``point_outside``, ``invalid_shape``,
    ``nothing_included``), ``media_not_ready`` (409), ``lane_closed`` (503).
    """
    media_check(task.media)
    shape_check(object_class)
    frame_check(task, frame)
    width, height = frame_size(task.media, frame)
    box = None if box_json is None else box_of(box_json, width=width, height=height)
    points_check(points, width=width, height=height, box=box)
    prompt = Prompt(
        id=str(uuid.uuid4()),
        task_id=task.pk,
        user_id=user.pk,
        draft_id=draft_id,
        seq=seq,
        picture=picture_of(task.media, frame),
        kind=object_class.shape,
        points=tuple((min(one.x, width - EDGE), min(one.y, height - EDGE), one.include) for one in points),
        box=None if box is None else (box.left, box.top, box.width, box.height),
        clicker=clicker,
    )
    return prompt.id, lane.prompt_submit(prompt, seconds=REPLY_SECONDS)


def frames_warm(*, user: User, task: Task, frames: Sequence[int]) -> str:
    """Have frames made ready for clicks, the first one first; what the user wanted before is dropped.

    Returns the segmenter that answers clicks now, empty where no worker has one. Raises as ``prompt_send``.
    """
    media_check(task.media)
    for frame in frames:
        frame_check(task, frame)
    pictures = [picture_of(task.media, frame) for frame in dict.fromkeys(frames)]
    return lane.frames_warm(pictures, viewer=f"{task.pk}:{user.pk}")


def picture_of(media: Media, frame: int) -> Picture:
    return Picture(media_id=media.pk, key=media.pictures_key, frame=frame)


def media_check(media: Media) -> None:
    """Raise for a media that has no pictures to segment."""
    if media.state != MediaState.READY:
        raise conflict("media_not_ready", f"“{media}” is {MediaState(media.state).label.lower()}.")
    if media.kind not in PICTURES:
        kind = MediaKind(media.kind).label.lower()
        raise refused("media_not_segmentable", f"Objects cannot be segmented on this modality: {kind}.")


def shape_check(object_class: ObjectClass) -> None:
    """Raise for a class whose labels no mask can become."""
    shape = ShapeKind(object_class.shape)
    if shape not in AREA_KINDS:
        raise refused(
            "shape_not_segmentable",
            f"Objects of this shape cannot be segmented, only drawn: {KIND_NAMES[shape]} (“{object_class}”).",
        )


def box_of(told: Mapping[str, Any], *, width: int, height: int) -> Box:
    try:
        box = shape_from_json(ShapeKind.BOUNDING_BOX, told, width=width, height=height)
    except ShapeError as error:
        raise refused("invalid_shape", str(error)) from error
    assert isinstance(box, Box)  # noqa: S101  (its kind is)
    return box


def points_check(points: Sequence[Click], *, width: int, height: int, box: Box | None) -> None:
    for point in points:
        if not (0 <= point.x <= width and 0 <= point.y <= height):
            raise refused(
                "point_outside",
                f"The point {point.x:g}, {point.y:g} lies outside the frame of {width} x {height} pixels.",
            )
    if box is None and not any(point.include for point in points):
        raise refused(
            "nothing_included",
            "Click on the object, or draw a box around it: points that exclude say only where it is not.",
        )

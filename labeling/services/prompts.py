"""What a person asks for on a frame: checked here, answered through the lane. Nothing is stored.

The draft becomes labels when the person saves it, by an edit like any other.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from labeling.examples import ExampleLabel
from labeling.frame_ranges import frame_check
from labeling.geometry.shapes import Box
from labeling.lane import lane
from labeling.lane.choosing import Offers
from labeling.lane.prompts import Finish, Picture, Prompt, PromptMode, Reply, Sought
from labeling.models import Media, ObjectClass, Task, User
from labeling.selectors.media import frame_size
from labeling.services.instances import class_check
from labeling.services.prompt_checks import (
    Click,
    area_check,
    box_of,
    frame_only_check,
    included_check,
    media_check,
    offers_check,
    points_check,
    shape_check,
    words_check,
)
from labeling.services.prompt_examples import examples_chosen, examples_named

REPLY_SECONDS = 0.8
"""How long a request waits for its answer; after that it is followed."""

FOLLOW_SECONDS_MAX = 5.0
POINTS_MAX = 200
EDGE = 1e-3
"""Pixels: a point on the right or lower edge of the picture is moved inside by so much."""

WARM_MOST = 4
OBJECTS_USUAL, OBJECTS_MOST = 200, 1000
"""Of one answer."""


@dataclass(frozen=True)
class Asked:
    """A draft's request. ``words`` None: not told, so the class's name where words are of use."""

    frame: int
    draft_id: str
    seq: int
    mode: PromptMode = PromptMode.OBJECT
    points: Sequence[Click] = ()
    box_json: Mapping[str, Any] | None = None
    clicker: str = ""
    words: str | None = None
    examples: Sequence[ExampleLabel] = ()
    threshold: float | None = None
    most: int = OBJECTS_USUAL
    detector: str = ""
    finish: Finish = field(default_factory=Finish)


def prompt_send(*, user: User, task: Task, object_class: ObjectClass, asked: Asked) -> tuple[str, Reply]:
    """Find what is asked for; return the prompt's id and the reply that came in ``REPLY_SECONDS``.

    Raises 422 for what cannot be segmented or asked (``media_not_segmentable``,
    ``shape_not_segmentable``, ``frame_out_of_range``, ``point_outside``, ``invalid_shape``,
    ``nothing_included``, ``no_area``, ``prompt_misfit``, ``empty_words``, ``example_gone``,
    ``example_without_area``, ``words_not_understood``, ``objects_not_found_here``; ``class_archived`` for
    a new object),
    ``media_not_ready`` (409), ``lane_closed`` (503).
    """
    media_check(task.media)
    shape_check(object_class)
    if asked.finish.instance_id is None:
        class_check(task=task, object_class=object_class)
    frame_check(task, asked.frame)
    width, height = frame_size(task.media, asked.frame)
    box = None if asked.box_json is None else box_of(asked.box_json, width=width, height=height)
    points_check(asked.points, width=width, height=height)
    prompt = Prompt(
        id=str(uuid.uuid4()),
        task_id=task.pk,
        user_id=user.pk,
        draft_id=asked.draft_id,
        seq=asked.seq,
        picture=picture_of(task.media, asked.frame),
        kind=object_class.shape,
        points=tuple((min(p.x, width - EDGE), min(p.y, height - EDGE), p.include) for p in asked.points),
        box=None if box is None else (box.left, box.top, box.width, box.height),
        clicker=asked.clicker,
        mode=asked.mode,
        sought=sought_of(task, object_class, asked, box),
        finish=replace(asked.finish, class_id=object_class.pk),
    )
    return prompt.id, lane.prompt_submit(prompt, seconds=REPLY_SECONDS)


def sought_of(task: Task, object_class: ObjectClass, asked: Asked, box: Box | None) -> Sought:
    """Return what the mode looks for, having seen that the rest of the request fits it."""
    if asked.mode is PromptMode.OBJECT:
        included_check(asked.points, box)
        return Sought()
    if asked.mode is PromptMode.AREA:
        area_check(asked.points, box)
    else:
        frame_only_check(asked.points, box)
        words_check(asked.words, examples=bool(asked.examples))
    named = examples_named(task, asked.examples)
    told_by_name = asked.words is None and not named
    words = object_class.name if told_by_name else (asked.words or "").strip()
    examples = named or examples_chosen(task, object_class, asked.frame)
    if asked.mode is PromptMode.ALL and not asked.detector:
        offers_check(lane.lane_offers(), words=words, examples=bool(examples), object_class=object_class)
    return Sought(words, examples, not named, asked.threshold, asked.most, asked.detector)


def frames_warm(*, user: User, task: Task, frames: Sequence[int]) -> Offers:
    """Have frames made ready for clicks, the first one first; what the user wanted before is dropped.

    Returns who answers clicks, words and examples now. Raises as ``prompt_send``.
    """
    media_check(task.media)
    for frame in frames:
        frame_check(task, frame)
    pictures = [picture_of(task.media, frame) for frame in dict.fromkeys(frames)]
    return lane.frames_warm(pictures, viewer=f"{task.pk}:{user.pk}")


def picture_of(media: Media, frame: int) -> Picture:
    return Picture(media_id=media.pk, key=media.pictures_key, frame=frame)

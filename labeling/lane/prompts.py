"""What goes through the lane, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self


@dataclass(frozen=True)
class Picture:
    """A frame of a media. ``key`` names the media's pictures for ever (``Media.pictures_key``)."""

    media_id: int
    key: str
    frame: int


@dataclass(frozen=True)
class Prompt:
    """Clicks of an open draft on one frame, all of them each time.

    ``points`` are x, y (pixels) and whether the object is there; ``box`` is left, top, width, height.
    Of one draft only the greatest ``seq`` counts. ``kind`` is the shape that the answer has to have.
    ``clicker`` names a segmenter; without it the best one that a live worker offers answers.
    """

    id: str
    task_id: int
    user_id: int
    draft_id: str
    seq: int
    picture: Picture
    kind: str
    points: tuple[tuple[float, float, bool], ...] = ()
    box: tuple[float, float, float, float] | None = None
    clicker: str = ""

    @property
    def draft(self) -> str:
        """The draft, among all drafts of all people."""
        return f"{self.task_id}:{self.user_id}:{self.draft_id}"

    def packed(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def unpacked(cls, text: str) -> Self:
        told = json.loads(text)
        box = told.pop("box")
        return cls(
            **{
                **told,
                "picture": Picture(**told["picture"]),
                "points": tuple((x, y, bool(include)) for x, y, include in told["points"]),
            },
            box=box and tuple(box),
        )


class PromptState(StrEnum):
    """What has become of a prompt."""

    WAITING = "waiting"
    NO_WORKER = "no_worker"
    DONE = "done"
    SUPERSEDED = "superseded"
    FAILED = "failed"


ENDED = frozenset({PromptState.DONE, PromptState.SUPERSEDED, PromptState.FAILED})


@dataclass(frozen=True)
class Reply:
    """The answer to a prompt, or where it stands.

    ``shapes``: each with ``shape`` (as the API has shapes) and ``confidence``; empty where the clicks
    found nothing. ``made_by``: name and version of the segmenter. ``times``: milliseconds that the prompt
    waited, that the frame took to read and to encode (0 where that was done before), and that segmenting
    took. ``position``: how many are answered before it, 0 while it is being answered itself.
    """

    state: PromptState
    sentence: str = ""
    code: str = ""
    position: int | None = None
    shapes: tuple[Mapping[str, Any], ...] = ()
    made_by: Mapping[str, str] | None = None
    times: Mapping[str, float] = field(default_factory=dict)

    def packed(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def unpacked(cls, text: str) -> Self:
        told = json.loads(text)
        return cls(**{**told, "state": PromptState(told["state"]), "shapes": tuple(told["shapes"])})

"""What goes through the lane, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

from labeling.examples import ExampleLabel


@dataclass(frozen=True)
class Picture:
    """A frame of a media. ``key`` names the media's pictures for ever (``Media.pictures_key``)."""

    media_id: int
    key: str
    frame: int


class PromptMode(StrEnum):
    """What a prompt asks for: the object that is clicked, all within its box, or all of the frame."""

    OBJECT = "object"
    AREA = "area"
    ALL = "all"


@dataclass(frozen=True)
class Sought:
    """What a prompt for several objects looks for.

    ``chosen``: the examples were not named by the person; labels of the class serve where nobody
    understands the words. ``threshold`` None is the detector's usual one. ``detector`` names one; without
    it the best that a live worker offers answers.
    """

    words: str = ""
    examples: tuple[ExampleLabel, ...] = ()
    chosen: bool = False
    threshold: float | None = None
    most: int = 200
    detector: str = ""

    @classmethod
    def unpacked(cls, told: Mapping[str, Any]) -> Self:
        return cls(**{**told, "examples": tuple(ExampleLabel(**one) for one in told["examples"])})


@dataclass(frozen=True)
class Finish:
    """How masks become shapes: areas in pixels, ``tolerance`` in pixels from the outline.

    ``exclude_bitmasks``: a bitmask leaves out those that stand on the frame, ``instance_id``'s own aside.
    ``class_id``: of several objects those are left out that are labelled with the class already.
    """

    min_area: int = 0
    fill_holes: int = 0
    tolerance: float = 0.0
    exclude_bitmasks: bool = False
    instance_id: int | None = None
    class_id: int | None = None


@dataclass(frozen=True)
class Prompt:
    """What an open draft asks for on one frame, all of it each time.

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
    mode: PromptMode = PromptMode.OBJECT
    sought: Sought = field(default_factory=Sought)
    finish: Finish = field(default_factory=Finish)

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
                "mode": PromptMode(told["mode"]),
                "sought": Sought.unpacked(told["sought"]),
                "finish": Finish(**told["finish"]),
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

    ``shapes``: each with ``shape`` (as the API has shapes) and ``confidence``, the surest first; empty
    where nothing was found. ``notes``: sentences on what is not as one might expect. ``made_by``: name,
    version and device of the segmenter or detector. ``times``: milliseconds that the prompt
    waited, that the frame took to read and to encode (0 where that was done before), and that segmenting
    took. ``position``: how many are answered before it, 0 while it is being answered itself.
    """

    state: PromptState
    sentence: str = ""
    code: str = ""
    position: int | None = None
    shapes: tuple[Mapping[str, Any], ...] = ()
    notes: tuple[str, ...] = ()
    made_by: Mapping[str, str] | None = None
    times: Mapping[str, float] = field(default_factory=dict)

    def packed(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def unpacked(cls, text: str) -> Self:
        told = json.loads(text)
        lists = {"shapes": tuple(told["shapes"]), "notes": tuple(told["notes"])}
        return cls(**{**told, **lists, "state": PromptState(told["state"])})

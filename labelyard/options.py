"""What orders of single jobs and of batches have in common: how to track, and what to look for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from labelyard.connection import given


@dataclass(frozen=True, kw_only=True)
class WantedClass:
    """A class whose objects are looked for; ``words`` is its name unless told."""

    object_class: int
    words: str | None = None
    threshold: float | None = None
    most: int | None = None

    def to_json(self) -> dict[str, object]:
        """The class as the API takes it."""
        wish = given(words=self.words, threshold=self.threshold, most=self.most)
        return {"object_class": self.object_class, **wish}


def track_options(
    *,
    algorithm: str | None,
    advanced: bool | None,
    interval: int | None,
    max_frames_after_key: int | None,
    priority: float,
) -> dict[str, Any]:
    """How to track; what was not told is left to the server."""
    wish = given(
        algorithm=algorithm, advanced=advanced, interval=interval, max_frames_after_key=max_frames_after_key
    )
    return {"priority": priority, **wish}


def detect_options(
    *,
    classes: Sequence[WantedClass | int],
    step: int,
    link: bool,
    fill: str | None,
    detector: str | None,
    priority: float,
) -> dict[str, Any]:
    """What to look for (classes by their ids, or with words and threshold), and how."""
    wanted = [one if isinstance(one, WantedClass) else WantedClass(object_class=one) for one in classes]
    return {
        "classes": [one.to_json() for one in wanted], "step": step, "link": link, "priority": priority,
        **given(fill=fill, detector=detector),
    }  # fmt: skip

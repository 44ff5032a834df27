"""What a detector is: a picture is encoded once, and every wish about it is answered from that.

As trackers and clickers do, it knows arrays and ``labeling.geometry`` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from labeling.geometry.shapes import BoolMask
from workers.backends.base import RgbFrame
from workers.backends.clicking import Embedding

WORDS, EXAMPLES, EXAMPLES_HERE = "words", "examples", "examples_here"
"""What a detector may read: words, examples of any picture, examples of the picture that it searches."""


@dataclass(frozen=True)
class Example:
    """An object of the kind that is wanted: its ``mask`` ``(height, width)`` in the picture ``rgb``.

    ``rgb`` ``(height, width, 3)``; None is the picture that is searched itself, and the object is not found
    once more.
    """

    mask: BoolMask
    rgb: RgbFrame | None = None


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is looked for: words, examples, or both. ``threshold``: 0..1, the least score of an answer.

    ``most``: how many answers at most.
    """

    words: str = ""
    examples: Sequence[Example] = ()
    threshold: float
    most: int


@dataclass(frozen=True)
class Detected:
    """``mask`` ``(height, width)`` of the picture, never empty; ``score`` in 0..1."""

    mask: BoolMask
    score: float


class Detector(Protocol):
    """A detector of all objects of a kind, loaded once a process."""

    @property
    def name(self) -> str:
        """As orders and answers name it: ``similar``, ``sam3``."""
        ...

    @property
    def version(self) -> str:
        """Model and version, as answers and the job's history tell it."""
        ...

    @property
    def reads(self) -> frozenset[str]:
        """What a wish may consist of: ``WORDS``, ``EXAMPLES``, ``EXAMPLES_HERE``."""
        ...

    @property
    def threshold(self) -> float:
        """The usual threshold, where nobody says one."""
        ...

    def open(self, rgb: RgbFrame) -> Embedding:
        """Encode a picture ``(height, width, 3)``. Raises BackendError when it cannot."""
        ...

    # Any: each detector takes the embeddings that it made itself, and no others.
    def detect(self, embedding: Any, wish: Wish) -> list[Detected]:
        """Return what fits the wish, the surest first. Raises BackendError when it cannot be answered."""
        ...

"""What a detector is asked for: words, and the examples as they look when the part begins."""

from __future__ import annotations

from dataclasses import dataclass

from labeling.geometry.shapes import BoolMask
from labeling.media.errors import FrameUnreadable
from workers.backends.base import BackendError, RgbFrame
from workers.backends.detecting import EXAMPLES, EXAMPLES_HERE, Detector, Example, Wish
from workers.detecting.order import ClassOrder
from workers.example_masks import example_mask
from workers.read_ahead import ReadAhead

UNREAD = (
    "“{detector}” on the worker that searched reads no examples: those of “{name}” were left out. "
    "It may lack a package that another worker has."
)


@dataclass(frozen=True)
class ShownExample:
    """An example with its picture, and the frame that it is on."""

    frame: int
    mask: BoolMask
    rgb: RgbFrame

    def on(self, frame: int) -> Example:
        """As the detector takes it for ``frame``: what is in the picture itself is not found once more."""
        return Example(self.mask, None if frame == self.frame else self.rgb)


@dataclass(frozen=True)
class ClassWish:
    """A class and all that is known of what it looks like."""

    wanted: ClassOrder
    examples: tuple[ShownExample, ...]
    threshold: float
    reads: frozenset[str]

    def on(self, frame: int) -> Wish | None:
        """Return what the detector can be asked on ``frame``, None where nothing is left to ask.

        One more than is kept is asked for, so that it shows whether there are more.
        """
        shown = [one.on(frame) for one in self.examples if self.can_show(one, frame)]
        if not shown and not self.wanted.words:
            return None
        return Wish(
            words=self.wanted.words, examples=shown, threshold=self.threshold, most=self.wanted.most + 1
        )

    def can_show(self, example: ShownExample, frame: int) -> bool:
        return EXAMPLES in self.reads or (EXAMPLES_HERE in self.reads and example.frame == frame)


def wish_of(
    wanted: ClassOrder, detector: Detector, frames: ReadAhead, *, task_id: int
) -> tuple[ClassWish, list[str]]:
    """Return the wish, and a sentence for each example that is not there any longer, or of no use here.

    Raises BackendError when nothing is left to go by.
    """
    examples, gone = examples_read(wanted, frames, task_id=task_id)
    if examples and not {EXAMPLES, EXAMPLES_HERE} & detector.reads:
        examples, gone = [], [*gone, UNREAD.format(detector=detector.name, name=wanted.name)]
    if not examples and not wanted.words:
        raise BackendError(" ".join([*gone, f"Nothing is left to look for of “{wanted.name}”."]))
    threshold = detector.threshold if wanted.threshold is None else wanted.threshold
    return ClassWish(wanted, tuple(examples), threshold, detector.reads), gone


def examples_read(
    wanted: ClassOrder, frames: ReadAhead, *, task_id: int
) -> tuple[list[ShownExample], list[str]]:
    examples, gone = [], []
    for example in wanted.examples:
        mask = example_mask(example, task_id=task_id, frames=frames)
        if mask is None:
            gone.append(
                f"The example of “{wanted.name}” on frame {example.frame} was deleted meanwhile; "
                "the search went on without it."
            )
            continue
        try:
            examples.append(ShownExample(example.frame, mask, frames.read_rgb(example.frame)))
        except FrameUnreadable as error:
            gone.append(f"The example of “{wanted.name}” could not be read. {error}")
    return examples, gone

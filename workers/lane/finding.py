"""What a prompt finds: an object by clicks, several by a detector, or by taking an area apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from labeling.geometry.shapes import Box
from labeling.lane.live import Answerer
from labeling.lane.prompts import Prompt, PromptMode
from labeling.offers import Reads
from labeling.services.prompts import OBJECTS_MOST
from workers.backends.apart.inside import lies_in
from workers.backends.apart.pieces import pieces_of
from workers.backends.clickers import clicker_get
from workers.backends.clicking import Clicker, Embedding, Segmented
from workers.backends.detecting import Detector, Wish
from workers.backends.detectors import detector_get
from workers.lane.examples import examples_read, examples_told
from workers.lane.pictures import picture_read

WORDS_UNKNOWN = "No worker understands words now"
EXAMPLES_LEFT_OUT = "Examples on other frames were left out: who answered looks at those of this frame only."


@dataclass(frozen=True)
class Findings:
    """``found``, the surest first, and sentences on how."""

    found: Sequence[Segmented]
    notes: tuple[str, ...] = ()


def maker_of(answerer: Answerer) -> Clicker | Detector:
    """Return the backend that answers. Raises BackendError when it is not there."""
    return clicker_get(answerer.name) if answerer.reads is None else detector_get(answerer.name)


def found(answerer: Answerer, embedding: Embedding, prompt: Prompt) -> Findings:
    """Return what the prompt means, by who answers it. Raises BackendError when it cannot be said."""
    if answerer.reads is None:
        return found_by_clicker(clicker_get(answerer.name), embedding, prompt)
    return found_by_detector(detector_get(answerer.name), embedding, prompt, reads=answerer.reads)


def found_by_clicker(clicker: Clicker, embedding: Embedding, prompt: Prompt) -> Findings:
    if prompt.mode is PromptMode.OBJECT:
        return Findings([segment(clicker, embedding, prompt)])
    assert prompt.box is not None  # noqa: S101  (an area has one)
    area = Box(*prompt.box)
    pieces = pieces_of(clicker, embedding, picture_read(prompt.picture), area)
    apart = "the area was taken apart by its looks."
    note = f"{WORDS_UNKNOWN}: {apart}" if prompt.sought.words else apart.capitalize()
    return Findings([piece for piece in pieces if lies_in(piece.mask, area)], (note,))


def segment(clicker: Clicker, embedding: Embedding, prompt: Prompt) -> Segmented:
    points = np.array([[x, y] for x, y, _ in prompt.points], np.float64).reshape(-1, 2)
    include = np.array([there for _, _, there in prompt.points], np.bool_)
    box = None if prompt.box is None else Box(*prompt.box)
    return clicker.segment(embedding, points=points, include=include, box=box)


def found_by_detector(detector: Detector, embedding: Embedding, prompt: Prompt, *, reads: Reads) -> Findings:
    """Detect in the whole frame, and keep what lies in the area where there is one.

    Raises LabelyardError when an example is gone.
    """
    sought = prompt.sought
    by_words = reads is Reads.WORDS
    shown = {Reads.EXAMPLES, Reads.EXAMPLES_HERE} & detector.reads
    wanted = bool(shown and sought.examples) and not (by_words and sought.chosen)
    examples = examples_read(prompt) if wanted else []
    wish = Wish(
        words=sought.words if by_words else "",
        examples=examples,
        threshold=detector.threshold if sought.threshold is None else sought.threshold,
        # One more than will be shown says that there were more; what is labelled already goes, too.
        most=OBJECTS_MOST + 1,
    )
    detected = [Segmented(one.mask, one.score) for one in detector.detect(embedding, wish)]
    if prompt.box is not None:
        area = Box(*prompt.box)
        detected = [one for one in detected if lies_in(one.mask, area)]
    if not by_words:
        return Findings(detected, (by_examples(prompt),))
    left_out = Reads.EXAMPLES not in detector.reads and any(one.rgb is not None for one in examples)
    return Findings(detected, (EXAMPLES_LEFT_OUT,) if left_out else ())


def by_examples(prompt: Prompt) -> str:
    similar = f"these are similar to {examples_told(prompt)}."
    return f"{WORDS_UNKNOWN}: {similar}" if prompt.sought.words else similar[0].upper() + similar[1:]

"""Who answers a prompt, of those who are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from labeling.lane.live import Answerer, LiveWorker, best_clicker, best_detector, live_workers
from labeling.lane.prompts import Prompt, PromptMode
from labeling.offers import Reads


@dataclass(frozen=True)
class Offers:
    """Who answers clicks, understands words, and finds by examples now; empty where nobody does."""

    clicker: str = ""
    words: str = ""
    examples: str = ""

    @property
    def any(self) -> bool:
        return bool(self.clicker or self.words or self.examples)


def offers_of(workers: Sequence[LiveWorker], *, clicker: str = "") -> Offers:
    return Offers(
        clicker=best_clicker(workers, wanted=clicker),
        words=best_detector(workers, reads=Reads.WORDS),
        examples=best_detector(workers, reads=Reads.EXAMPLES),
    )


def offers_now(store: Any) -> Offers:
    """Return what the workers offer that are there."""
    return offers_of(live_workers(store))


def answerer_of(workers: Sequence[LiveWorker], prompt: Prompt) -> Answerer | None:
    """Return who answers the prompt, None where nobody can.

    Words are understood before examples are compared. An area whose words nobody understands is taken apart
    by the segmenter, unless the person named examples.
    """
    sought = prompt.sought
    if prompt.mode is PromptMode.OBJECT:
        return by_clicker(workers, prompt)
    wants = [
        *([Reads.WORDS] if sought.words else []),
        *([Reads.EXAMPLES] if sought.examples and not taken_apart(prompt) else []),
    ]
    for reads in wants:
        name = best_detector(workers, reads=reads, wanted=sought.detector)
        if name:
            return Answerer(name, reads)
    return by_clicker(workers, prompt) if taken_apart(prompt) else None


def taken_apart(prompt: Prompt) -> bool:
    """Say whether a segmenter may answer: the prompt is for an area, and rests on no example or detector."""
    named = prompt.sought.detector or (prompt.sought.examples and not prompt.sought.chosen)
    return prompt.mode is PromptMode.AREA and not named


def by_clicker(workers: Sequence[LiveWorker], prompt: Prompt) -> Answerer | None:
    name = best_clicker(workers, wanted=prompt.clicker)
    return Answerer(name) if name else None

"""What a format could not hold, counted while it is written, and told in sentences."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Loss:
    """A kind of loss: what is counted (in the singular, and in the plural), and what became of it."""

    one: str
    many: str
    fate: str

    def sentence(self, count: int) -> str:
        return f"{count:,} {self.one if count == 1 else self.many}: {self.fate}."


class Losses:
    """How often each kind of loss came up."""

    def __init__(self) -> None:
        self._counts: Counter[Loss] = Counter()

    def add(self, loss: Loss, *, count: int = 1) -> None:
        """Count a loss; a count of 0 is none."""
        if count:
            self._counts[loss] += count

    def sentences(self) -> list[str]:
        """Return one sentence for each kind of loss, in the order in which they came up."""
        return [loss.sentence(count) for loss, count in self._counts.items()]

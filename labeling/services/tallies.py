"""What going over some of a bucket came to, in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """How many objects of a page were what; ``reasons`` counts those that were passed over, and ``told``
    what is worth a word beside."""

    seen: int = 0
    added: int = 0
    known: int = 0
    same: int = 0
    changed: int = 0
    vanished: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)

    @property
    def skipped(self) -> int:
        return sum(self.reasons.values())

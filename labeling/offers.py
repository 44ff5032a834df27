"""Segmenters and detectors by name: what detectors read, and in which order they are wanted.

One order for whom clicks go to, whom the lane asks for several objects, and whom jobs are given to.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Reads(StrEnum):
    """What a detector understands, as workers announce it.

    ``EXAMPLES`` are of any picture, ``EXAMPLES_HERE`` only of the picture that is searched.
    """

    WORDS = "words"
    EXAMPLES = "examples"
    EXAMPLES_HERE = "examples_here"


PREFERRED = ("sam3", "sam2")
"""Who is wanted before all others, the best first."""

LAST = ("classical", "similar", "scripted")
"""Who is wanted where nobody else is there. What packages offer comes between, by name."""


def rank(name: str) -> tuple[int, str]:
    """Return what to sort names by: the least is wanted most."""
    if name in PREFERRED:
        return PREFERRED.index(name) - len(PREFERRED), name
    return (LAST.index(name) + 1 if name in LAST else 0), name


def best(names: Iterable[str], *, wanted: str = "") -> str:
    """Return who of ``names`` is wanted most, or the ``wanted`` one; empty where that is not among them."""
    there = set(names)
    if wanted:
        return wanted if wanted in there else ""
    return min(there, key=rank, default="")

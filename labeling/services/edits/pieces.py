"""What holds over ranges of frames, as plain values: cut, put, and swapped back where nobody has been.

A list of pieces says something of some frames; pieces are in order and do not overlap, and neighbours
that say the same are one. Frames are inclusive.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

WHOLE = -1
"""The only frame of what holds for all frames: a static answer."""


class Piece(NamedTuple):
    """``said`` is JSON with sorted names, so that equal words are equal strings."""

    first: int
    last: int
    said: str

    @property
    def words(self) -> dict[str, Any]:
        words: dict[str, Any] = json.loads(self.said)
        return words


def piece(first: int, last: int, words: dict[str, Any]) -> Piece:
    return Piece(first, last, json.dumps(words, sort_keys=True))


def pieces_cut(pieces: Sequence[Piece], first: int, last: int) -> list[Piece]:
    """Return the pieces without ``first`` to ``last``; one that reaches out on both sides becomes two."""
    left: list[Piece] = []
    for one in pieces:
        if one.first < first:
            left.append(one._replace(last=min(one.last, first - 1)))
        if one.last > last:
            left.append(one._replace(first=max(one.first, last + 1)))
    return joined(left)


def pieces_put(pieces: Sequence[Piece], new: Piece) -> list[Piece]:
    """Return the pieces with ``new`` in place of what held there."""
    return joined([*pieces_cut(pieces, new.first, new.last), new])


def pieces_within(pieces: Sequence[Piece], first: int, last: int) -> list[Piece]:
    """Return what holds from ``first`` to ``last``."""
    return [
        one._replace(first=max(one.first, first), last=min(one.last, last))
        for one in pieces
        if one.first <= last and one.last >= first
    ]


def pieces_fill(pieces: Sequence[Piece], more: Sequence[Piece]) -> list[Piece]:
    """Return the pieces, and of ``more`` what holds on frames of which they say nothing."""
    for one in pieces:
        more = pieces_cut(more, one.first, one.last)
    return joined([*pieces, *more])


def pieces_swap(
    now: Sequence[Piece], *, expected: Sequence[Piece], wanted: Sequence[Piece]
) -> tuple[list[Piece], int]:
    """Return ``now`` with ``wanted`` wherever ``expected`` differs from it and still holds.

    The number is that of the stretches that somebody changed since, which stay.
    """
    result: list[Piece] = []
    kept = 0
    at_now, at_expected, at_wanted = (reader(pieces) for pieces in (now, expected, wanted))
    for first, last in stretches(now, expected, wanted):
        stands, was, comes = at_now(first), at_expected(first), at_wanted(first)
        changes = not same_words(was, comes)
        kept += changes and not same_words(stands, was) and not same_words(stands, comes)
        said = comes if changes and same_words(stands, was) else stands
        if said is not None:
            result.append(Piece(first, last, said))
    return joined(result), kept


def swapped_stretches(
    now: Sequence[Piece], *, expected: Sequence[Piece], wanted: Sequence[Piece]
) -> list[tuple[int, int]]:
    """Return the ranges that ``pieces_swap`` gives other words."""
    at_now, at_expected, at_wanted = (reader(pieces) for pieces in (now, expected, wanted))
    return [
        (first, last)
        for first, last in stretches(now, expected, wanted)
        if same_words(at_now(first), at_expected(first))
        and not same_words(at_expected(first), at_wanted(first))
    ]


def same_words(one: str | None, other: str | None) -> bool:
    """Say whether two pieces say the same. A decision that was made young again is still that decision."""
    if one is None or other is None or one == other:
        return one == other
    return ageless(one) == ageless(other)


def ageless(said: str) -> dict[str, Any]:
    words: dict[str, Any] = json.loads(said)
    # What has a time of its own is known by it.
    return {name: value for name, value in words.items() if name != "seq"} if "at" in words else words


def stretches(*lists: Sequence[Piece]) -> list[tuple[int, int]]:
    """Return the longest ranges over which each of the lists says one thing; together they hold them all."""
    starts = sorted({frame for pieces in lists for one in pieces for frame in (one.first, one.last + 1)})
    return [(first, after - 1) for first, after in pairwise(starts)]


def reader(pieces: Sequence[Piece]) -> Callable[[int], str | None]:
    def at(frame: int) -> str | None:
        return next((one.said for one in pieces if one.first <= frame <= one.last), None)

    return at


def joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces in order, neighbours that say the same as one."""
    result: list[Piece] = []
    for one in sorted(pieces):
        if result and result[-1].last + 1 == one.first and result[-1].said == one.said:
            result[-1] = result[-1]._replace(last=one.last)
        else:
            result.append(one)
    return result

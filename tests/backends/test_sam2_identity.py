"""SAM 2 in constant memory says to the bit what the publisher's predictor says with all it keeps."""

from __future__ import annotations

from typing import Any

import pytest

from tests.backends.sam2_stock import Film, Prompts, differing, session_masks, stock_masks
from workers.backends.sam2.tracker import Sam2Tracker

LAST = 39
BOTH_WAYS = pytest.mark.parametrize("reverse", [False, True], ids=["forwards", "reverse"])


def compare(micro: Sam2Tracker, stock: Any, film: Film, prompts: Prompts, *, reverse: bool) -> None:
    order = range(LAST, -1, -1) if reverse else range(LAST + 1)
    session = micro.open(film.frames, parameters={})
    ours = session_masks(session, film.frames, prompts, order=order)
    theirs = stock_masks(stock, film.folder, prompts, reverse=reverse)
    assert sorted(ours) == sorted(order[1:])
    assert any(mask.any() for masks in ours.values() for mask in masks.values())
    assert differing(ours, theirs) == []


@BOTH_WAYS
@pytest.mark.parametrize("things", [(1,), (1, 2, 3)], ids=["one object", "three objects"])
def test_a_whole_pass(
    micro: Sam2Tracker, stock: Any, short_film: Film, things: tuple[int, ...], reverse: bool
) -> None:
    start = LAST if reverse else 0
    compare(micro, stock, short_film, {start: short_film.masks(start, *things)}, reverse=reverse)


@BOTH_WAYS
def test_an_object_that_is_added_midway(
    micro: Sam2Tracker, stock: Any, short_film: Film, reverse: bool
) -> None:
    start, middle = (LAST, 18) if reverse else (0, 21)
    prompts = {start: short_film.masks(start, 1), middle: short_film.masks(middle, 2)}
    compare(micro, stock, short_film, prompts, reverse=reverse)


@BOTH_WAYS
@pytest.mark.parametrize("others", [(), (2,)], ids=["alone", "beside another"])
def test_a_key_frame_in_the_middle_begins_the_object_anew(
    micro: Sam2Tracker, stock: Any, short_film: Film, others: tuple[int, ...], reverse: bool
) -> None:
    start, middle = (LAST, 18) if reverse else (0, 21)
    prompts = {start: short_film.masks(start, 1, *others), middle: short_film.masks(middle, 1)}
    compare(micro, stock, short_film, prompts, reverse=reverse)


def test_the_comparison_tells_another_key_frame_apart(
    micro: Sam2Tracker, stock: Any, short_film: Film
) -> None:
    start = short_film.masks(0, 1)
    session = micro.open(short_film.frames, parameters={})
    ours = session_masks(
        session, short_film.frames, {0: start, 21: short_film.masks(21, 1)}, order=range(LAST + 1)
    )
    theirs = stock_masks(stock, short_film.folder, {0: start})
    assert [pair for pair in differing(ours, theirs) if pair[0] <= 21] == []
    assert [pair for pair in differing(ours, theirs) if pair[0] > 21] != []

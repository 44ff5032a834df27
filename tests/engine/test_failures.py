"""A part's list of failures does not grow without end, and loses no count."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from workers.failures import LISTED_MAX, Failure, failures_joined


def failed(first: int, count: int) -> list[Failure]:
    return [
        {"frame": frame, "sentence": f"Frame {frame} is damaged."} for frame in range(first, first + count)
    ]


def joined(counts: Sequence[int]) -> list[Failure]:
    """The list after commits with so many failures each."""
    known: list[Failure] = []
    frame = 0
    for count in counts:
        known = failures_joined(known, failed(frame, count))
        frame += count
    return known


def test_a_short_list_is_whole() -> None:
    assert joined([2, 0, 3]) == failed(0, 5)


def test_a_list_as_long_as_allowed_says_nothing_more() -> None:
    assert joined([LISTED_MAX]) == failed(0, LISTED_MAX)


def test_the_first_one_too_many_is_counted() -> None:
    *listed, last = joined([LISTED_MAX + 1])
    assert listed == failed(0, LISTED_MAX)
    assert last["sentence"] == "These are the first 500; one more failure is not listed."


@given(st.lists(st.integers(0, 400), max_size=8))
def test_the_first_are_listed_and_all_are_counted(counts: list[int]) -> None:
    known = joined(counts)
    listed = [one for one in known if "more" not in one]
    assert listed == failed(0, min(sum(counts), LISTED_MAX))
    assert sum(int(str(one.get("more", 0))) for one in known) == max(0, sum(counts) - LISTED_MAX)

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.media.frametable import FrameTable

times = st.lists(st.integers(-(1 << 40), 1 << 40), max_size=50, unique=True)


def table_of(pts: list[int], **more: object) -> FrameTable:
    none = np.zeros(0, dtype=np.int64)
    return FrameTable(
        np.array(sorted(pts), dtype=np.int64),
        none,
        none,
        Fraction(1, 25),
        **more,  # type: ignore[arg-type]
    )


@given(pts=times, keys=st.booleans(), orientation=st.integers(1, 8), counted=st.booleans())
def test_a_table_survives_its_bytes(pts: list[int], keys: bool, orientation: int, counted: bool) -> None:
    array = np.array(sorted(pts), dtype=np.int64)
    table = FrameTable(
        pts=array,
        keyframe_pts=array[::7],
        keyframe_dts=array[::7] - 3,
        time_base=Fraction(1001, 30000),
        damaged=((0, 1), (4, 9)),
        keys=np.array(pts, dtype=np.int64) if keys else None,
        checks=np.arange(len(pts), dtype=np.uint32) * 7919,
        orientation=orientation,
        counted=counted,
    )
    again = FrameTable.from_bytes(table.to_bytes())
    for name in ("pts", "keyframe_pts", "keyframe_dts", "checks"):
        np.testing.assert_array_equal(getattr(again, name), getattr(table, name))
    assert (again.keys is None) == (not keys)
    if again.keys is not None:
        np.testing.assert_array_equal(again.keys, np.array(pts, dtype=np.int64))
    assert again.time_base == Fraction(1001, 30000)
    assert (again.damaged, again.orientation, again.counted) == (((0, 1), (4, 9)), orientation, counted)
    assert again.to_bytes() == table.to_bytes()


def test_an_hour_of_regular_times_takes_next_to_nothing() -> None:
    table = table_of(list(range(0, 90_000 * 512, 512)))
    assert len(table.to_bytes()) < 5000


@pytest.mark.parametrize("data", [b"", b"LYFT1\n", b"something else", b"LYFT1\n{}\nxx"])
def test_other_bytes_are_not_a_table(data: bytes) -> None:
    with pytest.raises((ValueError, KeyError)):
        FrameTable.from_bytes(data)


def test_bytes_that_were_cut_are_not_a_table() -> None:
    data = table_of([3, 1, 4, 15, 92]).to_bytes()
    with pytest.raises(ValueError, match="frame table"):
        FrameTable.from_bytes(data[:-6])


def test_unsorted_times_are_refused() -> None:
    none = np.zeros(0, dtype=np.int64)
    with pytest.raises(ValueError, match="sorted"):
        FrameTable(np.array([2, 1], dtype=np.int64), none, none, Fraction(1))


def test_times_rates_and_durations_come_from_the_frames() -> None:
    table = table_of([10, 11, 12, 14])
    assert table.seconds(3) == pytest.approx(4 / 25)
    assert table.fps == pytest.approx(3 / (4 / 25))
    assert table.duration_seconds == pytest.approx(5 / 25)
    assert [table.frame_at(seconds) for seconds in (-1, 0, 0.04, 0.13, 0.16, 9)] == [0, 0, 1, 2, 3, 3]


def test_a_single_frame_has_no_rate() -> None:
    table = table_of([5])
    assert (table.fps, table.duration_seconds) == (0.0, 0.0)


def test_damaged_spans_include_both_ends() -> None:
    table = table_of(list(range(9)), damaged=((2, 4),))
    assert [frame for frame in range(9) if table.is_damaged(frame)] == [2, 3, 4]

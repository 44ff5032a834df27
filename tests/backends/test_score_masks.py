"""The measures of masks, on masks whose scores can be reckoned by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tools.score_masks import (
    box_overlap,
    contour,
    contour_accuracy,
    mean_score,
    region_similarity,
    score_sequence,
)
from workers.folder import index_mask_write


def square(left: int, *, size: int = 20, side: int = 100) -> NDArray[np.bool_]:
    mask = np.zeros((side, side), np.bool_)
    mask[40 : 40 + size, left : left + size] = True
    return mask


EMPTY = np.zeros((100, 100), np.bool_)


def test_equal_masks_score_1() -> None:
    for measure in (region_similarity, contour_accuracy, box_overlap):
        assert measure(square(10), square(10)) == 1
        assert measure(EMPTY, EMPTY) == 1


def test_nothing_found_scores_0() -> None:
    for measure in (region_similarity, contour_accuracy, box_overlap):
        assert measure(EMPTY, square(10)) == 0
        assert measure(square(10), EMPTY) == 0


def test_half_an_overlap_is_a_third_of_the_union() -> None:
    assert region_similarity(square(10), square(20)) == pytest.approx(1 / 3)
    assert box_overlap(square(10), square(20)) == pytest.approx(1 / 3)


def test_contours_within_the_tolerance_match() -> None:
    """0.8 % of a diagonal of 141 pixels is 1.13, so the tolerance is 2 pixels."""
    assert contour_accuracy(square(12), square(10)) == 1
    assert contour_accuracy(square(13), square(10)) < 1


def test_a_contour_lies_on_the_last_pixels_before_the_change() -> None:
    mask = np.zeros((4, 4), np.bool_)
    mask[1:3, 1:3] = True
    expected = np.array([[1, 1, 1, 0], [1, 0, 1, 0], [1, 1, 1, 0], [0, 0, 0, 0]], np.bool_)
    np.testing.assert_array_equal(contour(mask), expected)


@pytest.fixture
def sequence(tmp_path: Path) -> Path:
    """Seven frames: the truth stands still, the found mask is right on even frames and away on odd ones."""
    for name in ("truth", "found"):
        (tmp_path / name).mkdir()
    for frame in range(7):
        name = f"{frame:05d}.png"
        index_mask_write(square(10).astype(np.uint8), tmp_path / "truth" / name)
        found = square(10) if frame % 2 == 0 else square(60)
        index_mask_write(found.astype(np.uint8), tmp_path / "found" / name)
    return tmp_path


def test_the_first_and_the_last_frame_are_not_scored(sequence: Path) -> None:
    """Frames 1 to 5 are scored; 2 and 4 are right."""
    score = score_sequence(sequence / "found", sequence / "truth")
    assert (score.region, score.contour, score.box) == (0.4, 0.4, 0.4)


def test_key_frames_are_not_scored(sequence: Path) -> None:
    assert score_sequence(sequence / "found", sequence / "truth", every=2).region == 0


def test_every_sequence_counts_alike(sequence: Path) -> None:
    half = score_sequence(sequence / "found", sequence / "truth")
    full = score_sequence(sequence / "truth", sequence / "truth")
    assert mean_score([half, full]).region == pytest.approx(0.7)

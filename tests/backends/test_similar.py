"""Objects like an example are found again: turned, resized, in another light, partly hidden."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.backends.copies import coins, copies_drawn, count_found
from workers.backends.base import BackendError
from workers.backends.detecting import Example, Wish
from workers.backends.similar.detector import SimilarDetector
from workers.backends.similar.finder import THRESHOLD, find
from workers.backends.similar.likeness import likeness
from workers.backends.similar.pattern import pattern_of
from workers.backends.similar.pose import Pose
from workers.backends.similar.view import View


def test_one_coin_finds_the_other_coins() -> None:
    picture = coins()
    exemplar, *others = picture.masks
    assert len(others) == 23
    count = count_found(find(picture.rgb, [exemplar], threshold=THRESHOLD, most=100), others)
    assert count.found >= 22
    assert count.false <= 1


@pytest.mark.parametrize("condition", ["copied", "turned", "resized", "lit"])
def test_copies_are_found_among_things_of_their_form_or_of_their_colours(condition: str) -> None:
    picture = copies_drawn(condition, seed=3)
    exemplar, *others = picture.masks
    count = count_found(find(picture.rgb, [exemplar], threshold=THRESHOLD, most=100), others)
    assert count.found >= 5  # of 7
    assert count.false <= 2


def test_a_higher_threshold_keeps_the_likest_and_the_order_is_by_likeness() -> None:
    picture = coins()
    low = find(picture.rgb, picture.masks[:1], threshold=0.3, most=100)
    high = find(picture.rgb, picture.masks[:1], threshold=0.8, most=100)
    scores = [answer.score for answer in low]
    assert scores == sorted(scores, reverse=True)
    assert 0 < len(high) < len(low)
    assert all(answer.score >= 0.8 for answer in high)


def test_no_more_are_returned_than_asked_for_and_no_exemplar_is_among_them() -> None:
    picture = coins()
    exemplars = [picture.masks[0], picture.masks[10], picture.masks[20]]
    found = find(picture.rgb, exemplars, threshold=THRESHOLD, most=4)
    assert len(found) == 4
    assert not any((answer.mask & exemplar).any() for answer in found for exemplar in exemplars)


def test_masks_are_of_the_pictures_own_size() -> None:
    picture = coins()
    large = cv2.resize(picture.rgb, None, fx=3, fy=3, interpolation=cv2.INTER_LINEAR)
    exemplar = cv2.resize(picture.masks[0].astype(np.uint8), large.shape[1::-1]) > 0
    found = find(np.asarray(large, np.uint8), [np.asarray(exemplar)], threshold=THRESHOLD, most=3)
    assert len(found) == 3
    for answer in found:
        assert answer.mask.shape == large.shape[:2]


def test_a_picture_with_nothing_else_in_it_gives_nothing() -> None:
    picture = copies_drawn("copied", seed=5, copies=1, others=0)
    assert find(picture.rgb, picture.masks, threshold=THRESHOLD, most=50) == []


def test_an_example_of_another_picture_finds_copies_of_it() -> None:
    shown, searched = copies_drawn("copied", seed=3), copies_drawn("turned", seed=103)
    wish = Wish(examples=[Example(shown.masks[0], shown.rgb)], threshold=THRESHOLD, most=100)
    detector = SimilarDetector()
    count = count_found(detector.detect(detector.open(searched.rgb), wish), searched.masks)
    assert count.found >= 6  # of 8
    assert count.false <= 2


def test_an_example_of_another_picture_may_have_another_number_of_pixels() -> None:
    """As the same camera's pictures in two sizes: a thing has the same part of both."""
    shown, searched = copies_drawn("copied", seed=3), copies_drawn("copied", seed=103)
    width, height = 480, 360
    rgb = np.asarray(cv2.resize(shown.rgb, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    mask = cv2.resize(shown.masks[0].astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0
    wish = Wish(examples=[Example(np.asarray(mask), rgb)], threshold=THRESHOLD, most=100)
    detector = SimilarDetector()
    assert count_found(detector.detect(detector.open(searched.rgb), wish), searched.masks).found >= 5


def test_another_threshold_is_answered_from_what_was_looked_at_and_just_the_same() -> None:
    picture = coins()
    detector = SimilarDetector()
    embedding = detector.open(picture.rgb)
    before = embedding.nbytes
    for threshold in (0.8, 0.3, 0.55):
        wish = Wish(examples=[Example(picture.masks[0])], threshold=threshold, most=100)
        found = detector.detect(embedding, wish)
        anew = find(picture.rgb, picture.masks[:1], threshold=threshold, most=100)
        assert [one.score for one in found] == [one.score for one in anew]
        assert all(np.array_equal(one.mask, other.mask) for one, other in zip(found, anew, strict=True))
    # What it keeps for that is counted.
    assert embedding.nbytes > before


def test_it_understands_no_words() -> None:
    detector = SimilarDetector()
    assert detector.reads == {"examples"}
    with pytest.raises(BackendError, match="no words"):
        detector.detect(detector.open(coins().rgb), Wish(words="coin", threshold=0.5, most=5))


def test_a_mask_that_is_not_of_its_picture_is_refused() -> None:
    picture = coins()
    detector = SimilarDetector()
    small = np.ones((20, 20), np.bool_)
    for example in (Example(small), Example(small, picture.rgb)):
        with pytest.raises(BackendError, match="size of"):
            detector.detect(detector.open(picture.rgb), Wish(examples=[example], threshold=0.5, most=5))


def test_examples_that_cannot_be_used_are_refused() -> None:
    picture = coins()
    speck = np.zeros_like(picture.masks[0])
    speck[5, 5] = True
    with pytest.raises(BackendError, match="too small"):
        find(picture.rgb, [speck], threshold=THRESHOLD, most=5)
    with pytest.raises(BackendError, match="one to 3"):
        find(picture.rgb, [], threshold=THRESHOLD, most=5)
    with pytest.raises(BackendError, match="there are 4"):
        find(picture.rgb, picture.masks[:4], threshold=THRESHOLD, most=5)


@given(
    x=st.floats(-50, 400),
    y=st.floats(-50, 300),
    turn=st.floats(0, 360),
    scale=st.floats(0.3, 3),
    side=st.integers(4, 60),
)
def test_the_middle_of_a_patch_lies_at_the_place_of_its_pose(
    x: float, y: float, turn: float, scale: float, side: int
) -> None:
    matrix = Pose(x, y, turn, scale).onto_picture(side)
    middle = (side - 1) / 2
    # Pixel coordinates of OpenCV are half a pixel less than ours.
    assert np.allclose(matrix @ [middle, middle, 1], [x - 0.5, y - 0.5])
    assert np.isclose(np.sqrt(np.linalg.det(matrix[:, :2])), scale)


def likeness_relit(*, gain: float, offset: float) -> float:
    """How much a copy is like itself in other light; ``offset`` is a haze, which takes colour away."""
    picture = copies_drawn("copied", seed=1, copies=1, others=0)
    relit = np.clip(picture.rgb * gain + offset, 0, 255).astype(np.uint8)
    pattern = pattern_of(picture.rgb, picture.masks[0])
    assert pattern is not None
    return likeness(pattern, View(relit, scale=pattern.scale), pattern.pose)


def test_what_is_seen_unchanged_is_like_itself() -> None:
    assert likeness_relit(gain=1, offset=0) > 0.99


@settings(max_examples=10, deadline=None)
@given(gain=st.floats(0.4, 1.0))
def test_likeness_hardly_depends_on_the_brightness_of_the_light(gain: float) -> None:
    assert likeness_relit(gain=gain, offset=0) > 0.9


@settings(max_examples=10, deadline=None)
@given(gain=st.floats(0.4, 1.0), offset=st.floats(0, 30))
def test_what_a_haze_lies_over_is_still_found(gain: float, offset: float) -> None:
    assert likeness_relit(gain=gain, offset=offset) > THRESHOLD

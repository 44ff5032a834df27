"""Training clips: pictures with masks that fit them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.pictures import small_images
from tools.training.clip import LARGE, SMALL, clip_made
from tools.training.corrupt import corrupted
from tools.training.rollout import examples
from tools.training.silhouettes import drawn, segment
from workers.backends.fast.evidence import CARRIED, CHANNELS
from workers.backends.fast.window import SIDE


@pytest.mark.parametrize("seed", range(12))
def test_a_clip_has_a_mask_for_every_picture(seed: int) -> None:
    clip = clip_made(small_images(), np.random.default_rng(seed), frames=[0, 2, 3])
    assert len(clip.frames) == len(clip.masks) == 3
    width, height = clip.frames[0].shape[1], clip.frames[0].shape[0]
    assert (width, height) in (SMALL, LARGE)
    for frame, mask in zip(clip.frames, clip.masks, strict=True):
        assert frame.shape == (height, width, 3)
        assert mask.shape == (height, width)
        assert 0 <= mask.min() <= mask.max() <= 1 + 1e-5
    assert (clip.masks[0] > 0.5).any()


def test_the_same_seed_makes_the_same_clip() -> None:
    first, second = (clip_made(small_images(), np.random.default_rng(4), frames=[0, 1]) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(first.frames, second.frames, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(first.masks, second.masks, strict=True))


def test_frames_that_are_left_out_pass_all_the_same() -> None:
    """Between frames 0 and 6 a thing moves further than between 0 and 1, on average over clips."""

    def change(gap: int) -> float:
        clips = [clip_made(small_images(), np.random.default_rng(n), frames=[0, gap]) for n in range(12)]
        return float(np.mean([np.abs(clip.masks[1] - clip.masks[0]).sum() for clip in clips]))

    assert change(6) > 1.5 * change(1)


def test_a_corrupted_mask_is_another_but_not_elsewhere() -> None:
    mask = np.zeros((200, 240), np.float32)
    mask[60:140, 80:170] = 1
    rng = np.random.default_rng(0)
    overlaps = []
    for _ in range(40):
        wrong = corrupted(mask, rng) > 0.5
        overlaps.append((wrong & (mask > 0.5)).sum() / (wrong | (mask > 0.5)).sum())
    assert max(overlaps) < 1
    assert min(overlaps) < 0.85
    assert np.mean(overlaps) > 0.6


def test_a_segment_ends_at_the_edges_of_the_picture() -> None:
    """Two flat halves: no segment reaches far into the other half."""
    picture = np.full((200, 240, 3), 40, np.uint8)
    picture[:, 120:] = 210
    found = [segment(picture, np.random.default_rng(n)) for n in range(20)]
    masks = [mask for mask in found if mask is not None]
    assert masks
    shares = [float(mask[:, :120].sum() / mask.sum()) for mask in masks]
    assert np.mean([min(share, 1 - share) for share in shares]) < 0.1


def test_drawn_shapes_are_neither_specks_nor_everything() -> None:
    shares = [float(drawn(np.random.default_rng(n)).mean()) for n in range(30)]
    assert min(shares) > 0.02
    assert max(shares) < 0.8


def test_examples_are_what_the_tracker_would_see() -> None:
    rng = np.random.default_rng(1)
    made = [example for _ in range(6) for example in examples(small_images(), rng, predict=None)]
    assert made
    for example in made:
        assert example.evidence.shape == (CHANNELS, SIDE, SIDE)
        assert example.truth.shape == (SIDE, SIDE)
        assert (example.evidence[CARRIED] > 0).any()

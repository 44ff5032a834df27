"""What an object looks like: two small nets, trained on its key frame and carefully after it."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from workers.backends.fast.arrays import Floats, Indices, Mask, SoftMask
from workers.backends.fast.net import PixelNet
from workers.backends.fast.pixels import PixelSet, pixel_inputs, pixel_set, pixels_drawn
from workers.backends.fast.region import Placement, mask_placement, mask_region
from workers.backends.fast.view import FEATURES, FrameView

_NOISE = np.float32(0.05)
_SURE, _SURELY_NOT = 0.85, 0.1
_KEPT_SETS = 3
_KEEP_EVERY = 4


class Appearance:
    """The near net knows pixels by look and position; the wide net by look alone.

    The near net goes on learning while the object is followed, only from pixels that are clearly
    inside or outside: trained on all of its own output it would learn its own leaks.
    """

    def __init__(self, near: PixelNet, wide: PixelNet, key: PixelSet, recent: list[PixelSet]) -> None:
        self._near = near
        self._wide = wide
        self._key = key
        self._recent = recent

    @classmethod
    def trained(cls, view: FrameView, soft: SoftMask, rng: np.random.Generator) -> Appearance:
        """Learn from a key frame. ``soft`` is its true mask, not empty."""
        near = PixelNet((FEATURES + 3, 32, 32, 1), rng, rate=3e-3, decay=1e-4)
        wide = PixelNet((FEATURES, 24, 1), rng, rate=5e-3, decay=0.0)
        appearance = cls(near, wide, _key_set(view, soft, rng), [])
        appearance._train_near(400, rng)
        near.rate = 1e-3
        appearance._train_wide(view, soft, rng)
        return appearance

    @property
    def key_placement(self) -> Placement:
        """Where the object was on its key frame."""
        return self._key.placement

    def near_logits(self, view: FrameView, rows: Indices, columns: Indices, placement: Placement) -> Floats:
        """Return shape ``(n,)``: for each pixel, above 0 where it looks like the object's part there."""
        return self._near.logits(pixel_inputs(view, rows=rows, columns=columns, placement=placement))

    def wide_map(self, view: FrameView) -> Floats:
        """Return 0..1 for every second pixel of every second row: does it look like the object?"""
        features = view.features[::2, ::2]
        logits = self._wide.logits(np.ascontiguousarray(features).reshape(-1, FEATURES))
        return _probability(logits).reshape(features.shape[:2])

    def likeness(self, view: FrameView, soft: SoftMask) -> float:
        """Return how much the mask looks like the object, 0..1: sureness times what both nets say.

        Over the ten sequences of docs/tracking.md its rank correlation with the IoU is 0.86; that
        of the mask's own sureness is 0.59.
        """
        mask = soft > 0.5
        rows, columns = np.nonzero(mask)
        placement = mask_placement(mask).limited(self.key_placement)
        inputs = pixel_inputs(view, rows=rows, columns=columns, placement=placement)
        near = _probability(self._near.logits(inputs)).mean()
        wide = _probability(self._wide.logits(np.ascontiguousarray(inputs[:, :FEATURES]))).mean()
        return float(soft[mask].mean() * near * wide)

    def learn(self, view: FrameView, soft: SoftMask, *, age: int, rng: np.random.Generator) -> None:
        """Learn a little from a frame that was just segmented, ``age`` frames after the key frame."""
        current = self._current_set(view, soft, rng)
        if current is None:
            return
        self._train_near(4, rng, current)
        if age % _KEEP_EVERY == 0:
            self._recent = [*self._recent, current][-_KEPT_SETS:]

    def _current_set(self, view: FrameView, soft: SoftMask, rng: np.random.Generator) -> PixelSet | None:
        """Return pixels clearly off the object, and those deep in it that look like it already."""
        mask = soft > 0.5
        region = mask_region(mask, margin=0.6, least=14)
        near = cv2.dilate((soft > 0.3).astype(np.uint8), np.ones((3, 3), np.uint8), iterations=4) > 0
        outside = np.zeros_like(mask)
        region.cut(outside)[...] = ~region.cut(near)
        if outside.sum() <= 50:
            return None
        placement = mask_placement(mask).limited(self.key_placement)
        rows, columns = pixels_drawn(outside, most=1500, rng=rng)
        deep_rows, deep_columns = pixels_drawn(_deep_inside(soft), most=1500, rng=rng)
        if len(deep_rows):
            agreed = self.near_logits(view, deep_rows, deep_columns, placement) > 1
            deep_rows, deep_columns = deep_rows[agreed], deep_columns[agreed]
        return pixel_set(
            view,
            rows=np.concatenate([rows, deep_rows]),
            columns=np.concatenate([columns, deep_columns]),
            labels=_labels(len(rows), len(deep_rows)),
            placement=placement,
        )

    def _train_near(self, steps: int, rng: np.random.Generator, current: PixelSet | None = None) -> None:
        sets = ([] if current is None else [current]) + self._recent
        for _ in range(steps):
            drawn = [self._key.draw(1024, rng), *(pixels.draw(192, rng) for pixels in sets)]
            inputs = np.concatenate([inputs for inputs, _ in drawn])
            inputs += _NOISE * rng.standard_normal(inputs.shape, dtype=np.float32)
            self._near.fit(inputs, np.concatenate([labels for _, labels in drawn]))

    def _train_wide(self, view: FrameView, soft: SoftMask, rng: np.random.Generator) -> None:
        outside = soft < _SURELY_NOT
        ring = cv2.dilate((soft > 0.5).astype(np.uint8), np.ones((31, 31), np.uint8)) > 0
        sources = [_or_best(soft, soft > _SURE), _or_best(-soft, outside), _or_best(-soft, ring & outside)]
        pools = [view.features[source] for source in sources]
        counts = [384, 384, 256]
        labels = np.repeat(np.array([1, 0, 0], np.float32), counts)
        for _ in range(250):
            drawn = [pool[rng.integers(len(pool), size=n)] for pool, n in zip(pools, counts, strict=True)]
            inputs = np.concatenate(drawn)
            inputs += _NOISE * rng.standard_normal(inputs.shape, dtype=np.float32)
            self._wide.fit(inputs, labels)

    def state(self) -> dict[str, Any]:
        """Return all that ``from_state`` needs but the inputs of the pixel sets."""
        return {
            "near": self._near.state(),
            "wide": self._wide.state(),
            "key": self._key.state(),
            "recent": [pixels.state() for pixels in self._recent],
        }

    @staticmethod
    def pixel_states(state: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the states of the pixel sets in ``state``: the key frame's, then the recent ones."""
        return [state["key"], *state["recent"]]

    @classmethod
    def from_state(cls, state: dict[str, Any], sets: list[PixelSet]) -> Appearance:
        """Return the appearance that ``state`` was taken of; ``sets``: in the order of ``pixel_states``."""
        near, wide = PixelNet.from_state(state["near"]), PixelNet.from_state(state["wide"])
        return cls(near, wide, sets[0], sets[1:])


def _key_set(view: FrameView, soft: SoftMask, rng: np.random.Generator) -> PixelSet:
    """Return sure pixels of the object and of its surroundings."""
    mask = soft > 0.5
    region = mask_region(mask, margin=1.0, least=14)
    outside = np.zeros_like(mask)
    region.cut(outside)[...] = region.cut(soft) < _SURELY_NOT
    rows, columns = pixels_drawn(_or_best(-soft, outside), most=4000, rng=rng)
    own_rows, own_columns = pixels_drawn(_or_best(soft, soft > _SURE), most=4000, rng=rng)
    return pixel_set(
        view,
        rows=np.concatenate([rows, own_rows]),
        columns=np.concatenate([columns, own_columns]),
        labels=_labels(len(rows), len(own_rows)),
        placement=mask_placement(mask),
    )


def _probability(logits: Floats) -> Floats:
    return (1 / (1 + np.exp(-logits))).astype(np.float32)


def _labels(outside: int, inside: int) -> Floats:
    return np.repeat(np.array([0, 1], np.float32), [outside, inside])


def _or_best(scores: Floats, mask: Mask) -> Mask:
    """Return ``mask``, or the best pixels where it is empty: a tiny object has no sure ones."""
    return mask if mask.any() else scores >= scores.max()


def _deep_inside(soft: SoftMask) -> Mask:
    return np.asarray(cv2.erode((soft > 0.9).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0)

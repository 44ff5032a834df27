"""What an object looks like: learnt on its key frame in one step, and carefully after it."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from workers.backends.fast.arrays import Floats, Mask, SoftMask
from workers.backends.fast.moments import Moments, lifted, ridge_rule
from workers.backends.fast.region import mask_region
from workers.backends.fast.samples import INSIDE, OUTSIDE, Samples
from workers.backends.fast.view import FEATURES, FrameView

MAPS = 3
"""How many opinions on a pixel ``Appearance.maps`` gives."""

_SURE, _SURELY_NOT = 0.7, 0.1
_FEWEST = 8  # pixels to learn from
_NEWEST = 0.25  # share of the newest frame in the running moments
_RUNNING_INSIDE, _RUNNING_OUTSIDE = 0.5, 0.75  # their share beside the key frame's


class Appearance:
    """Two rules and a set of examples.

    The key rule knows the key frame alone. The running rule mixes in what was seen since, and only
    where the mask was clearly on or off: learning all of its own output it would learn its own leaks.
    """

    def __init__(
        self, key: tuple[Moments, Moments], running: tuple[Moments, Moments], samples: Samples
    ) -> None:
        """``key``, ``running``: moments inside and outside the object."""
        self._key = key
        self._running = running
        self._samples = samples
        self._key_rule = ridge_rule(*key)
        self._running_rule = self._mixed_rule()

    @classmethod
    def learnt(cls, view: FrameView, soft: SoftMask, rng: np.random.Generator) -> Appearance:
        """Learn from a key frame. ``soft`` is its true mask, at least one pixel above 0.5."""
        features = view.features
        inside = _or_best(soft, soft > _SURE)
        outside = _or_best(-soft, _surroundings(soft, margin=1.0, least=16) & (soft < _SURELY_NOT))
        key = tuple(Moments.of(_drawn(features, mask, 1500, rng)) for mask in (inside, outside))
        samples = Samples(_drawn(features, inside, INSIDE, rng), _drawn(features, outside, OUTSIDE, rng))
        return cls((key[0], key[1]), (key[0], key[1]), samples)

    def maps(self, features: Floats) -> Floats:
        """Return shape ``(n, MAPS)`` for features of shape ``(n, FEATURES)``: above 0 is like the object.

        By the key rule, by the running rule, and by the nearest example.
        """
        rules = np.stack([self._key_rule, self._running_rule], axis=1)
        opinions = np.clip(lifted(features) @ rules, -2, 2)
        return np.column_stack([opinions, self._samples.likeness(features)])

    def wide_map(self, view: FrameView) -> Floats:
        """Return 0..1 for every second pixel of every second row: does it look like the object?"""
        features = np.ascontiguousarray(view.features[::2, ::2])
        opinion = lifted(features.reshape(-1, FEATURES)) @ self._key_rule
        likely = 1 / (1 + np.exp(-4 * opinion))
        return np.asarray(likely.reshape(features.shape[:2]), np.float32)

    def learn(self, view: FrameView, soft: SoftMask, rng: np.random.Generator) -> None:
        """Learn a little from a frame that was just segmented."""
        inside = cv2.erode((soft > 0.9).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        near = cv2.dilate((soft > 0.3).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        outside = _surroundings(soft, margin=0.6, least=8) & ~near
        self._running = (
            _moved(self._running[0], view.features, np.asarray(inside), most=400, rng=rng),
            _moved(self._running[1], view.features, np.asarray(outside), most=600, rng=rng),
        )
        self._running_rule = self._mixed_rule()

    def _mixed_rule(self) -> Floats:
        return ridge_rule(
            self._key[0].mixed(self._running[0], _RUNNING_INSIDE),
            self._key[1].mixed(self._running[1], _RUNNING_OUTSIDE),
        )

    def state(self) -> dict[str, Any]:
        """Return all that ``from_state`` needs."""
        return {
            "key": [moments.state() for moments in self._key],
            "running": [moments.state() for moments in self._running],
            "samples": self._samples.state(),
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Appearance:
        """Return the appearance that ``state`` was taken of."""
        inside, outside = (Moments(*arrays) for arrays in state["key"])
        running_inside, running_outside = (Moments(*arrays) for arrays in state["running"])
        return cls((inside, outside), (running_inside, running_outside), Samples(*state["samples"]))


def _moved(moments: Moments, features: Floats, mask: Mask, *, most: int, rng: np.random.Generator) -> Moments:
    """Return running moments with the newest frame in them, unless ``mask`` is all but empty."""
    if mask.sum() < _FEWEST:
        return moments
    return moments.mixed(Moments.of(_drawn(features, mask, most, rng)), _NEWEST)


def _surroundings(soft: SoftMask, *, margin: float, least: int) -> Mask:
    """Return the object's box, grown."""
    around = np.zeros(soft.shape, np.bool_)
    mask_region(soft > 0.5, margin=margin, least=least).cut(around)[...] = True
    return around


def _drawn(features: Floats, mask: Mask, most: int, rng: np.random.Generator) -> Floats:
    """Return the features of at most ``most`` pixels of ``mask``, drawn by chance."""
    places = np.flatnonzero(mask)
    if len(places) > most:
        places = places[rng.integers(len(places), size=most)]
    return np.ascontiguousarray(features.reshape(-1, FEATURES)[places])


def _or_best(scores: Floats, mask: Mask) -> Mask:
    """Return ``mask``, or the best pixels where it is empty: a tiny object has no sure ones."""
    return mask if mask.any() else scores >= scores.max()

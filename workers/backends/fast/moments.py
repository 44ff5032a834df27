"""What a set of pixels looks like, as moments, and the ridge regression that tells two sets apart.

The features of a pixel are lifted by fixed random units first (random features for kernel machines,
Rahimi and Recht, NIPS 2007), so that a linear rule can follow a curved border. The rule has a closed
form: nothing is trained step by step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workers.backends.fast.arrays import Floats
from workers.backends.fast.view import FEATURES

_UNITS = 48
_PULL = 0.004  # ridge, as a share of the mean variance

_rng = np.random.default_rng(7)
_WEIGHTS = (0.6 * _rng.standard_normal((FEATURES, _UNITS))).astype(np.float32)
_OFFSETS = _rng.uniform(-1.5, 1.5, _UNITS).astype(np.float32)

LIFTED = 1 + FEATURES + _UNITS
"""Values a pixel after lifting."""


def lifted(features: Floats) -> Floats:
    """Return shape ``(n, LIFTED)`` for features of shape ``(n, FEATURES)``."""
    units = np.maximum(features @ _WEIGHTS + _OFFSETS, 0)
    return np.hstack([np.ones((len(features), 1), np.float32), features, units])


@dataclass(frozen=True)
class Moments:
    """``second``: shape ``(LIFTED, LIFTED)``, the mean outer product; ``first``: the mean."""

    second: Floats
    first: Floats

    @classmethod
    def of(cls, features: Floats) -> Moments:
        """Return the moments of pixels, shape ``(n, FEATURES)``, n above 0."""
        values = lifted(features)
        return cls(values.T @ values / np.float32(len(values)), values.mean(axis=0))

    def mixed(self, other: Moments, share: float) -> Moments:
        """Return these moments with ``share`` (0..1) of ``other`` in them."""
        kept, taken = np.float32(1 - share), np.float32(share)
        return Moments(kept * self.second + taken * other.second, kept * self.first + taken * other.first)

    def state(self) -> list[Floats]:
        """Return the arrays of ``Moments(*state)``."""
        return [self.second, self.first]


def ridge_rule(inside: Moments, outside: Moments) -> Floats:
    """Return the weights, shape ``(LIFTED,)``, of a rule that is above 0 inside and below 0 outside."""
    both = inside.second + outside.second
    pull = np.float32(_PULL * np.trace(both) / LIFTED) * np.eye(LIFTED, dtype=np.float32)
    return np.linalg.solve(both + pull, inside.first - outside.first).astype(np.float32)

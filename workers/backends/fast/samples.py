"""Example pixels of a key frame, with which the pixels of later frames are compared one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workers.backends.fast.arrays import Floats

INSIDE, OUTSIDE = 96, 160
"""How many examples are kept of the object and of what surrounds it."""


@dataclass(frozen=True)
class Samples:
    """Features of pixels, shape ``(n, FEATURES)`` each."""

    inside: Floats
    outside: Floats

    def likeness(self, features: Floats) -> Floats:
        """Return shape ``(n,)``, -1..1: above 0 where the nearest example is one of the object."""
        inside, outside = _nearest(features, self.inside), _nearest(features, self.outside)
        return ((outside - inside) / (outside + inside + np.float32(1e-3))).astype(np.float32)

    def state(self) -> list[Floats]:
        """Return the arrays of ``Samples(*state)``."""
        return [self.inside, self.outside]


def _nearest(features: Floats, examples: Floats) -> Floats:
    """Return the distance of each pixel to the nearest example."""
    squares = np.square(examples).sum(axis=1) - 2 * (features @ examples.T)
    least = squares.min(axis=1) + np.square(features).sum(axis=1)
    return np.asarray(np.sqrt(np.maximum(least, 0)), np.float32)

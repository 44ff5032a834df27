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
        lengths = np.square(features).sum(axis=1)
        with_one = np.hstack([features, np.ones((len(features), 1), np.float32)])
        inside, outside = (_nearest(with_one, lengths, examples) for examples in (self.inside, self.outside))
        return np.asarray((outside - inside) / (outside + inside + np.float32(1e-3)), np.float32)

    def state(self) -> list[Floats]:
        """Return the arrays of ``Samples(*state)``."""
        return [self.inside, self.outside]


def _nearest(with_one: Floats, lengths: Floats, examples: Floats) -> Floats:
    """Return the distance of each pixel to the nearest example.

    ``with_one``: the pixels' features and a 1, so that one product gives squared distances but for
    ``lengths``, the pixels' own squared lengths.
    """
    products = np.vstack([-2 * examples.T, np.square(examples).sum(axis=1)])
    least = (with_one @ products).min(axis=1) + lengths
    return np.asarray(np.sqrt(np.maximum(least, 0)), np.float32)

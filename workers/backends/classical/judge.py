"""The evidence weighed: how likely each pixel is of the object."""

from __future__ import annotations

import numpy as np

from workers.backends.classical.arrays import Floats, SoftMask
from workers.backends.classical.evidence import CHANNELS, Channel

_WEIGHTS = {
    Channel.FROM_OUTSIDE: 1.5,
    Channel.CUT: 2.0,
    Channel.LOOK: 1.5,
    Channel.INCLUDED: 6.0,
    Channel.EXCLUDED: -6.0,
    Channel.POINTS: 3.0,
    Channel.PREVIOUS: 2.0,
    Channel.MIDDLE: -1.0,
}
"""Log-odds a unit of each channel: what says the same speaks alike, and a point outvotes all the rest."""

_OUTSIDE = -5.0  # log-odds outside of the box, where no included point reaches
_REACHED = 0.4


def judged(evidence: Floats) -> SoftMask:
    """Return 0..1 from ``evidence`` ``(CHANNELS, SIDE, SIDE)``."""
    weights = np.zeros(CHANNELS, np.float32)
    for channel, weight in _WEIGHTS.items():
        weights[channel] = weight
    odds = np.tensordot(weights, evidence, axes=1)
    possible = (evidence[Channel.BOX] > 0) | (evidence[Channel.INCLUDED] > _REACHED)
    return (1 / (1 + np.exp(-np.where(possible, odds, _OUTSIDE)))).astype(np.float32)

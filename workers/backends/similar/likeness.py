"""How much a place looks like a pattern, whatever the light."""

from __future__ import annotations

import numpy as np

from workers.backends.similar.pattern import Pattern, colour_shares
from workers.backends.similar.pose import Floats, Pose
from workers.backends.similar.view import View

_CELLS = 4
_HIDDEN = 0.25  # of the cells: what may be covered by something else


def likeness(pattern: Pattern, view: View, pose: Pose) -> float:
    """Return the likeness at a pose in a view, up to 1.

    The correlation of brightness and of edges, half over the whole pattern and half without its worst
    quarter, times how much the hues agree.
    """
    there = pose.patch(view.layers, side=pattern.side)
    form = float(np.mean([_correlation(pattern, there, layer) for layer in (0, 3)]))
    hues = float(np.sqrt(colour_shares(there, pattern.inside) * pattern.colours).sum())
    return form * (0.4 + 0.6 * hues)


def _correlation(pattern: Pattern, there: Floats, layer: int) -> float:
    weights = pattern.weights
    one, other = _standard(pattern.layers[..., layer], weights), _standard(there[..., layer], weights)
    agreed, ones, others = (_cells(weights * pair) for pair in (one * other, one * one, other * other))
    whole = agreed.sum() / np.sqrt(ones.sum() * others.sum() + 1e-6)
    # The cells that take most away from the agreement are taken out.
    seen = np.argsort(agreed - (ones + others) / 2)[int(_HIDDEN * len(agreed)) :]
    part = agreed[seen].sum() / np.sqrt(ones[seen].sum() * others[seen].sum() + 1e-6)
    return float(whole + part) / 2


def _standard(values: Floats, weights: Floats) -> Floats:
    """Return the values less their weighted mean."""
    return values - np.float32((values * weights).sum() / weights.sum())


def _cells(values: Floats) -> Floats:
    """Return sums over a grid of cells, shape ``(cells,)``."""
    edges = np.linspace(0, values.shape[0], _CELLS + 1).astype(int)[:-1]
    sums = np.add.reduceat(np.add.reduceat(values, edges, axis=0), edges, axis=1)
    return np.asarray(sums.ravel(), np.float32)

"""What the network is told of one object on a new frame."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from workers.backends.fast.appearance import MAPS, Appearance
from workers.backends.fast.arrays import Floats, Mask, SoftMask
from workers.backends.fast.track import Transition
from workers.backends.fast.view import FEATURES
from workers.backends.fast.window import SIDE, Window

CHANNELS = 8 + MAPS
"""Values a pixel that the network sees, in this order: colour (3), carried mask (-1..1), trust in the
flow, colour that changed along it, the maps of the appearance, and how the flow differs from the
object's and from the background's."""

CARRIED = 3
"""Which of them is the carried mask."""

_FEWEST = 6  # pixels of a carried mask
_HALF_SIDE = SIDE // 2
_UNIT = np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE)), axis=-1).astype(np.float32) / 64 - 1


@dataclass(frozen=True)
class Evidence:
    """``inputs``: shape ``(CHANNELS, SIDE, SIDE)``, the picture's part in ``window``.

    ``carried``: where the object would be by the flow alone, in the working picture; not empty.
    """

    window: Window
    inputs: Floats
    carried: Mask


def evidence_of(
    transition: Transition, soft: SoftMask, appearance: Appearance, rng: np.random.Generator
) -> Evidence | None:
    """Return what there is of an object that was at ``soft`` on the frame before.

    None when the flow leaves nothing of it.
    """
    carried = np.clip(transition.motion.carry(soft), 0, 1)
    if (carried > 0.5).sum() < _FEWEST:
        carried = np.maximum(carried, soft)
    mask = carried > 0.5
    if mask.sum() < _FEWEST:
        return None
    window = Window.around(mask)
    picture = window.cut(transition.changes)
    colour, trust, changed, flow = picture[..., :3], picture[..., 3], picture[..., 4], picture[..., 5:]
    place = window.cut(carried)
    features = window.cut(transition.current.features, side=_HALF_SIDE, smooth=False)
    maps = appearance.maps(features.reshape(-1, FEATURES)).reshape(_HALF_SIDE, _HALF_SIDE, MAPS)
    own, other = _flow_apart(flow, place, trust, rng)
    layers = [colour, 2 * place - 1, trust, np.minimum(changed, 3), _doubled(maps), own, other]
    return Evidence(window, np.dstack(layers).transpose(2, 0, 1).astype(np.float32, order="C"), mask)


def _doubled(maps: Floats) -> Floats:
    """Return the maps at twice their size."""

    return np.asarray(cv2.resize(maps, (SIDE, SIDE)), np.float32)


def _flow_apart(
    flow: Floats, place: Floats, trust: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return 0..1: how far each pixel's flow is from the object's, and from that of the background."""
    own = _median_flow(flow, (place > 0.6) & (trust > 0.5))
    background = _background_flow(flow, (place < 0.1) & (trust > 0.5), rng)
    return _apart(flow, own), _apart(flow, background)


def _median_flow(flow: Floats, mask: Mask) -> Floats:
    vectors = flow[mask] if mask.sum() > 10 else flow.reshape(-1, 2)
    return np.asarray(np.median(vectors, axis=0), np.float32)


def _background_flow(flow: Floats, mask: Mask, rng: np.random.Generator) -> Floats:
    """Return an affine flow that most pixels of ``mask`` agree on (reweighted least squares)."""
    rows, columns = np.nonzero(mask)
    if len(rows) <= 60:
        return np.zeros(2, np.float32)
    drawn = rng.integers(len(rows), size=300)
    places, moves = _UNIT[rows[drawn], columns[drawn]], flow[rows[drawn], columns[drawn]]
    inputs = np.column_stack([np.ones(300, np.float32), places])
    weights = np.ones(300, np.float32)
    affine = np.zeros((3, 2), np.float32)
    for _ in range(3):
        weighted = inputs * weights[:, None]
        affine = np.linalg.solve(weighted.T @ inputs + 0.01 * np.eye(3, dtype=np.float32), weighted.T @ moves)
        weights = 1 / (1 + np.square(np.abs(inputs @ affine - moves).sum(axis=1)))
    return np.asarray(affine[0] + _UNIT @ affine[1:], np.float32)


def _apart(flow: Floats, other: Floats) -> Floats:
    away = flow - other
    return np.asarray(np.tanh(np.hypot(away[..., 0], away[..., 1]) / 4), np.float32)

"""The first steps of a model, which cost more than all later ones."""

from __future__ import annotations

import numpy as np

from workers.backends.sam2.model import Sam2Model
from workers.backends.sam2.propagation import Propagation

_SIDE = 64


def warm_up(model: Sam2Model) -> None:
    """Follow a square over grey pictures, so that kernels are chosen and compiled before they count."""
    grey = np.full((_SIDE, _SIDE, 3), 128, np.uint8)
    square = np.zeros((_SIDE, _SIDE), np.bool_)
    square[16:48, 16:48] = True
    warm = Propagation(model, length=3, rgb=grey, offload=False)
    warm.seed_mask(0, 1, square)
    for index in (1, 2):
        warm.reach(index, grey)
        warm.step(index)

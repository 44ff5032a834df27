"""Sets of pixels with their labels, from which an object's nets learn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from workers.backends.fast.arrays import Floats, Indices, Mask
from workers.backends.fast.region import Placement
from workers.backends.fast.view import FrameView


@dataclass(frozen=True)
class PixelSet:
    """Labelled pixels of one frame. ``inputs``: shape ``(n, 18)``; ``labels``: shape ``(n,)``, 0 or 1.

    A checkpoint keeps only where the pixels are; their inputs are read from the frame again.
    """

    frame: int
    rows: Indices
    columns: Indices
    labels: Floats
    placement: Placement
    inputs: Floats

    def draw(self, count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Return inputs and labels of ``count`` pixels, drawn with replacement."""
        chosen = rng.integers(len(self.labels), size=count)
        return self.inputs[chosen], self.labels[chosen]

    def state(self) -> dict[str, Any]:
        """Return all but the inputs."""
        return {
            "frame": self.frame,
            "rows": self.rows.astype(np.int32),
            "columns": self.columns.astype(np.int32),
            "labels": self.labels.astype(np.uint8),
            "placement": [self.placement.centre, self.placement.spread],
        }

    @classmethod
    def from_state(cls, state: dict[str, Any], view: FrameView) -> PixelSet:
        """Return the set that ``state`` was taken of. ``view`` is the set's frame."""
        centre, spread = state["placement"]
        return pixel_set(
            view,
            rows=state["rows"].astype(np.intp),
            columns=state["columns"].astype(np.intp),
            labels=state["labels"].astype(np.float32),
            placement=Placement(tuple(centre), tuple(spread)),
        )


def pixel_set(
    view: FrameView, *, rows: Indices, columns: Indices, labels: Floats, placement: Placement
) -> PixelSet:
    """Return the set of these pixels of ``view``."""
    inputs = pixel_inputs(view, rows=rows, columns=columns, placement=placement)
    return PixelSet(view.frame, rows, columns, labels, placement, inputs)


def pixel_inputs(view: FrameView, *, rows: Indices, columns: Indices, placement: Placement) -> Floats:
    """Return shape ``(n, 18)``: the features of pixels and where they lie in the object."""
    return np.hstack([view.features[rows, columns], placement.describe(rows, columns)])


def pixels_drawn(mask: Mask, *, most: int, rng: np.random.Generator) -> tuple[Indices, Indices]:
    """Return rows and columns of at most ``most`` pixels of ``mask``, drawn without replacement."""
    places = np.flatnonzero(mask)
    if len(places) > most:
        places = rng.choice(places, most, replace=False)
    rows, columns = np.divmod(places, mask.shape[1])
    return rows, columns

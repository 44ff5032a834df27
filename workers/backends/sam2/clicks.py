"""The segmenter ``sam2``: clicks and boxes on one picture, by the model that tracks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import Box, Points
from workers.backends.base import RgbFrame
from workers.backends.clicking import Segmented
from workers.backends.device.memory import memory_told
from workers.backends.prompted import box_prompted
from workers.backends.sam2.loading import model_loaded, version_of
from workers.backends.sam2.options import Sam2Options

if TYPE_CHECKING:
    from workers.backends.sam2.picture import EncodedPicture


class Sam2Clicker:
    """Every prompt is answered whole and for itself: with all its points at once, on one encoding."""

    name = "sam2"

    def __init__(self, options: Sam2Options) -> None:
        """Nothing is loaded yet: a process that forks others must not have touched PyTorch."""
        self.options = options

    def load(self) -> None:
        """Load the model, unless tracking has. Raises BackendError when it cannot be loaded."""
        model_loaded(self.options)

    @property
    def version(self) -> str:
        """Model, device, precision and library. Loads the model, since encodings are kept under this name.

        Raises BackendError when it cannot be loaded.
        """
        return version_of(model_loaded(self.options))

    def open(self, rgb: RgbFrame) -> EncodedPicture:
        """Encode a picture ``(height, width, 3)``. Raises BackendError when it cannot."""
        model = model_loaded(self.options)
        from workers.backends.sam2.picture import EncodedPicture

        height, width = rgb.shape[:2]
        with memory_told(width=width, height=height):
            return EncodedPicture(model, rgb)

    def segment(
        self, embedding: EncodedPicture, *, points: Points, include: NDArray[np.bool_], box: Box | None
    ) -> Segmented:
        """Answer a prompt, see ``Clicker``. Raises BackendError when nothing says where the object is."""
        width, height = embedding.width, embedding.height
        box = box_prompted(box, include=include, width=width, height=height)
        with memory_told(width=width, height=height):
            return embedding.ask(points=points, include=include, box=box)

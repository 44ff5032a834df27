"""The segmenter ``sam2``: clicks and boxes on one picture, by the model that tracks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import Box, Points
from workers.backends.base import RgbFrame
from workers.backends.clicking import Segmented
from workers.backends.device.encoder import PictureEncoder, prompt_answered
from workers.backends.sam2.loading import library, model_loaded
from workers.backends.sam2.options import Sam2Options

if TYPE_CHECKING:
    from workers.backends.sam2.model import Sam2Model
    from workers.backends.sam2.picture import EncodedPicture


class Sam2Clicker(PictureEncoder[Sam2Options, "Sam2Model", "EncodedPicture"]):
    """Every prompt is answered whole and for itself: with all its points at once, on one encoding."""

    name = "sam2"

    def model(self) -> Sam2Model:
        """The one that tracks in this process, too."""
        return model_loaded(self.options)

    def library(self) -> str:
        return library()

    def encode(self, model: Sam2Model, rgb: RgbFrame) -> EncodedPicture:
        from workers.backends.sam2.picture import EncodedPicture

        return EncodedPicture(model, rgb)

    def segment(
        self, embedding: EncodedPicture, *, points: Points, include: NDArray[np.bool_], box: Box | None
    ) -> Segmented:
        """Answer a prompt, see ``Clicker``. Raises BackendError when nothing says where the object is."""
        return prompt_answered(embedding, points=points, include=include, box=box)

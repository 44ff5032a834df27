"""The segmenter ``sam3``: clicks and boxes, on the encoding that words and examples are answered from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import Box, Points
from workers.backends.base import BackendError
from workers.backends.clicking import Segmented
from workers.backends.device.encoder import prompt_answered
from workers.backends.sam3.backend import Sam3Backend
from workers.backends.sam3.folder import answers_clicks

if TYPE_CHECKING:
    from workers.backends.sam3.picture import EncodedPicture


class Sam3Clicker(Sam3Backend):
    """Every prompt is answered whole and for itself: with all its points at once."""

    def segment(
        self, embedding: EncodedPicture, *, points: Points, include: NDArray[np.bool_], box: Box | None
    ) -> Segmented:
        """Answer a prompt, see ``Clicker``.

        Raises BackendError when nothing says where the object is, or the folder holds no part for clicks.
        """
        if not answers_clicks(self.options.folder):
            raise BackendError(
                f"The model in {self.options.folder} finds objects by words, and does not answer clicks."
            )
        return prompt_answered(embedding, points=points, include=include, box=box)

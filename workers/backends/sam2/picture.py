"""A picture that is encoded once and asked many times: to the predictor it is a video of one frame."""

from __future__ import annotations

from copy import copy

import numpy as np
import torch
from numpy.typing import NDArray

from labeling.geometry.shapes import Box, Points
from workers.backends.base import RgbFrame
from workers.backends.clicking import Segmented
from workers.backends.device.computing import tensors_nbytes
from workers.backends.sam2.model import Sam2Model
from workers.backends.sam2.stock import fits_heard, mask_of, state_made
from workers.backends.sam2.tensors import PassTensors

_OBJECT = 1


class EncodedPicture:
    """The predictor's state of one picture. Each question gets a copy of it, so no question leaves a trace.

    The predictor writes what it learns of an object into the state's own dicts and lists, which the
    copy has for itself; the encoding, which it only reads, is shared.
    """

    def __init__(self, model: Sam2Model, rgb: RgbFrame) -> None:
        """Encode. Raises DeviceMemoryError."""
        self._model = model
        self.height, self.width = rgb.shape[:2]
        images = PassTensors(length=1, size=model.predictor.image_size)
        images.put(0, rgb)
        with model.computing():
            self._state = state_made(
                model.predictor, images, height=self.height, width=self.width, offload=False
            )

    @property
    def nbytes(self) -> int:
        """Bytes of the encoding, and of the scaled picture."""
        return tensors_nbytes([self._state, self._state["images"][0]])

    def ask(self, *, points: Points, include: NDArray[np.bool_], box: Box | None) -> Segmented:
        """Return what the predictor finds, see ``Clicker.segment``. Raises DeviceMemoryError.

        The confidence is how well the predictor thinks that the mask fits, times how sure it is that
        the object is there.
        """
        predictor = self._model.predictor
        state = {key: copy(value) for key, value in self._state.items()}
        with self._model.computing(), fits_heard(predictor) as fits:
            _, _, logits = predictor.add_new_points_or_box(
                state,
                0,
                _OBJECT,
                points=points.astype(np.float32) if len(points) else None,
                labels=include.astype(np.int32) if len(points) else None,
                box=None if box is None else corners(box),
            )
            (found,) = (one["cond_frame_outputs"][0] for one in state["temp_output_dict_per_obj"].values())
            there = float(torch.sigmoid(found["object_score_logits"].float()))
        return Segmented(mask=mask_of(logits[0]), confidence=fits[0] * there)


def corners(box: Box) -> tuple[float, float, float, float]:
    """Return left, top, right, bottom."""
    return box.left, box.top, box.left + box.width, box.top + box.height

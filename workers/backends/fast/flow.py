"""How the picture moved between two frames, and where that can be trusted.

The flow is DIS (Kroeger et al., ECCV 2016), as OpenCV has it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from workers.backends.fast.arrays import Floats
from workers.backends.fast.view import FrameView


@dataclass(frozen=True)
class PictureMotion:
    """``back``, shape ``(h, w, 2)``: for each pixel of the new frame, how far away (x, y) it was.

    ``trust``, shape ``(h, w)``: 1 where the flow there and back ends where it began, falling to 0.
    """

    back: Floats
    trust: Floats

    def carry(self, values: Floats) -> Floats:
        """Return ``values`` of the old frame, ``(h, w)`` or with channels, as they lie on the new one."""
        return _sampled(values, self.back)


def picture_motion(previous: FrameView, current: FrameView) -> PictureMotion:
    """Compute the flow both ways between two frames of the same size."""
    dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    still = np.zeros((*current.grey.shape, 2), np.float32)
    back = np.asarray(dis.calc(current.grey, previous.grey, still.copy()), np.float32)
    forth = np.asarray(dis.calc(previous.grey, current.grey, still), np.float32)
    error = _length(back + _sampled(forth, back))
    tolerance = 0.8 + 0.05 * _length(back)
    return PictureMotion(back=back, trust=np.exp(-np.square(error / tolerance)).astype(np.float32))


def _length(vectors: Floats) -> Floats:
    return np.asarray(cv2.magnitude(vectors[..., 0], vectors[..., 1]), np.float32)


def _sampled(values: Floats, offsets: Floats) -> Floats:
    height, width = offsets.shape[:2]
    columns = np.arange(width, dtype=np.float32) + offsets[..., 0]
    rows = np.arange(height, dtype=np.float32)[:, None] + offsets[..., 1]
    sampled = cv2.remap(values, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(sampled, np.float32)

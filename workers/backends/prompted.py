"""What a prompt has to say at least, before a model is asked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from labeling.geometry.boxes import box_clip
from labeling.geometry.shapes import Box
from workers.backends.base import BackendError


def box_prompted(box: Box | None, *, include: NDArray[np.bool_], width: int, height: int) -> Box | None:
    """Return the part of the prompt's box that lies in the picture, None where there is no box.

    Raises BackendError when neither a box nor an included point (``include`` ``(n,)``) says where the
    object is, or the box covers nothing of the picture.
    """
    if box is None:
        if not include.any():
            raise BackendError(
                "Nothing says where the object is: include a point of it, or draw a box around it."
            )
        return None
    inside = box_clip(box, width=width, height=height)
    if inside is None:
        raise BackendError("The box covers nothing of the picture: draw it around the object.")
    return inside

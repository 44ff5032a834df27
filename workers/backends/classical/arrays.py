"""Names for the arrays that the classical segmenter passes around; all are of a window, see ``window.py``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
"""Any float32 array; its shape is said where it is used."""

SoftMask = NDArray[np.float32]
"""Shape ``(SIDE, SIDE)``: how likely each pixel is of the object, 0..1."""

Mask = NDArray[np.bool_]
"""Shape ``(SIDE, SIDE)``: True where the object is."""

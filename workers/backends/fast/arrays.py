"""Names for the arrays that the fast tracker passes around.

All but ``Mask`` of the full picture are of the working resolution, see ``view.py``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
"""Any float32 array; its shape is said where it is used."""

SoftMask = NDArray[np.float32]
"""Shape ``(h, w)``: how likely each pixel is of the object, 0..1."""

Mask = NDArray[np.bool_]
"""Shape ``(h, w)``: True where the object is."""

Indices = NDArray[np.intp]
"""Shape ``(n,)``: rows or columns of pixels."""

"""Pictures as the model reads them, and masks in the picture's size: as the library does it.

Its own image processors need torchvision, which the rest of the model does not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch.nn.functional import interpolate

from labeling.geometry.shapes import BoolMask
from workers.backends.base import RgbFrame


def pixels_of(rgb: RgbFrame, *, size: int, device: str) -> Any:
    """Return a picture ``(height, width, 3)`` as float32 ``(1, 3, size, size)`` in -1..1.

    It is scaled in whole numbers and on the CPU, so that it is the same on every device.
    """
    picture = torch.from_numpy(np.ascontiguousarray(rgb)).permute(2, 0, 1)[None].contiguous()
    if picture.shape[-2:] != (size, size):
        picture = interpolate(
            picture, size=(size, size), mode="bilinear", align_corners=False, antialias=True
        )
    middle = torch.tensor(0.5) * 255.0
    return ((picture.to(torch.float32) - middle) / middle).to(device)


def mask_of(values: Any, *, height: int, width: int, above: float) -> BoolMask:
    """Return where ``values`` ``(rows, columns)``, spread over the picture, lie above a level."""
    spread = interpolate(
        values[None, None].float(), size=(height, width), mode="bilinear", align_corners=False
    )
    return np.asarray((spread[0, 0] > above).cpu().numpy(), np.bool_)

"""Pictures as the predictor reads them, two at a time."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np
import torch
from PIL import Image

from workers.backends.base import RgbFrame

_MEAN = (0.485, 0.456, 0.406)
_STD = (0.229, 0.224, 0.225)


class PassTensors:
    """Stands in for the list of all frames that the predictor would load up front.

    It is as long as the media and holds the ``kept`` pictures that came last, by their index in the
    pass: float32, shape ``(3, size, size)``, scaled and normalised to the bit as the predictor's own
    loader does. ``put`` comes before the predictor asks.
    """

    def __init__(self, *, length: int, size: int, kept: int = 2) -> None:
        self._length = length
        self._size = size
        self._kept = kept
        self._tensors: OrderedDict[int, Any] = OrderedDict()

    def __len__(self) -> int:
        return self._length

    def __contains__(self, index: int) -> bool:
        return index in self._tensors

    def __getitem__(self, index: int) -> Any:
        return self._tensors[index]

    def put(self, index: int, rgb: RgbFrame) -> None:
        """Take in the picture with this index; the oldest one goes."""
        scaled = np.array(Image.fromarray(rgb).resize((self._size, self._size)))
        tensor = torch.from_numpy(scaled / 255.0).permute(2, 0, 1).to(torch.float32)
        tensor -= torch.tensor(_MEAN)[:, None, None]
        tensor /= torch.tensor(_STD)[:, None, None]
        self._tensors[index] = tensor
        while len(self._tensors) > self._kept:
            self._tensors.popitem(last=False)

    @property
    def nbytes(self) -> int:
        return sum(tensor.nbytes for tensor in self._tensors.values())

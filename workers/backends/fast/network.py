"""The network that corrects a carried mask, run by OpenCV. How it was made: tools/training."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from workers.backends.base import BackendError
from workers.backends.fast.arrays import Floats, SoftMask

WEIGHTS = Path(__file__).with_name("weights") / "propagation.onnx"
CARD = WEIGHTS.with_suffix(".json")
"""What the weights are: their sha256, and of which training they are."""


@dataclass(frozen=True)
class Prediction:
    """``mask``: shape ``(SIDE, SIDE)``, 0..1. ``quality``: the IoU that the mask is expected to have."""

    mask: SoftMask
    quality: float


class PropagationNetwork:
    """Evidence in, mask out."""

    def __init__(self, onnx: bytes) -> None:
        self._net: Any = cv2.dnn.readNetFromONNX(np.frombuffer(onnx, np.uint8))

    def predict(self, inputs: Floats) -> Prediction:
        """Return the object's mask from its evidence, shape ``(CHANNELS, SIDE, SIDE)``.

        Objects go through one by one: in one batch they would take as long.
        """
        mask, quality = self.logits(inputs)
        return Prediction(mask=_likelihood(mask), quality=float(_likelihood(quality)[0]))

    def logits(self, inputs: Floats) -> tuple[Floats, Floats]:
        """Return the two results as the network gives them, shapes ``(SIDE, SIDE)`` and ``(1,)``."""
        self._net.setInput(inputs[None])
        mask, quality = self._net.forward(["mask", "quality"])
        return np.array(mask[0, 0], np.float32), np.array(quality[0], np.float32)


@cache
def propagation_network() -> PropagationNetwork:
    """Return the network of this process. Raises BackendError when its weights are damaged."""
    onnx = WEIGHTS.read_bytes()
    if hashlib.sha256(onnx).hexdigest() != json.loads(CARD.read_text(encoding="utf-8"))["sha256"]:
        raise BackendError("The weights of the fast tracker are damaged; Labelyard has to be installed anew.")
    return PropagationNetwork(onnx)


def _likelihood(logits: Floats) -> Floats:
    return (1 / (1 + np.exp(-logits))).astype(np.float32)

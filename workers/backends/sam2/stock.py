"""What is asked of the publisher's predictor beside its own calls. It is not modified."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from sam2 import sam2_video_predictor

from labeling.geometry.shapes import BoolMask
from workers.backends.sam2.tensors import PassTensors


def state_made(
    predictor: Any, images: PassTensors, *, height: int, width: int, offload: bool
) -> dict[str, Any]:
    """Let the predictor make its state, on ``images`` in place of those it would load.

    ``height`` and ``width`` are those of the pictures themselves. The first one is encoded.
    """
    stock = sam2_video_predictor.load_video_frames
    sam2_video_predictor.load_video_frames = lambda **_: (images, height, width)
    try:
        state: dict[str, Any] = predictor.init_state(
            "", offload_video_to_cpu=True, offload_state_to_cpu=offload
        )
    finally:
        sam2_video_predictor.load_video_frames = stock
    return state


@contextmanager
def fits_heard(predictor: Any) -> Iterator[list[float]]:
    """Hear how well the mask decoder thinks that its masks fit: the predictor keeps it to itself.

    It decodes once an object, in the objects' order, and takes the best of its candidates. The list
    fills with the fits of those, limited to 0..1.
    """
    fits: list[float] = []

    def hear(decoder: Any, given: Any, answer: Any) -> None:
        fits.append(min(max(float(answer[1].max()), 0.0), 1.0))

    hook = predictor.sam_mask_decoder.register_forward_hook(hear)
    try:
        yield fits
    finally:
        hook.remove()


def mask_of(logits: Any) -> BoolMask:
    """Return the mask ``(height, width)`` of logits ``(1, height, width)``."""
    return np.asarray((logits[0] > 0).cpu().numpy(), np.bool_)

"""What the predictor says of an object on a frame."""

from __future__ import annotations

from dataclasses import dataclass

from labeling.geometry.shapes import BoolMask


@dataclass(frozen=True)
class Answer:
    """Its mask in the picture's size, whether it is seen at all, and how sure that is (0 to 1).

    ``confidence`` is how well the predictor thinks the mask fits, times how sure it is that the
    object is there.
    """

    mask: BoolMask
    present: bool
    confidence: float

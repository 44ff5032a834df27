"""The detector ``sam3``: all objects that a short phrase means, or that are like examples in the picture."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from labeling.geometry.masks import mask_bounds, mask_iou
from labeling.geometry.shapes import BoolMask, Box
from workers.backends.base import BackendError
from workers.backends.detecting import EXAMPLES_HERE, WORDS, Detected, Example, Wish
from workers.backends.device.memory import memory_told
from workers.backends.sam3.backend import Sam3Backend

if TYPE_CHECKING:
    from workers.backends.sam3.picture import EncodedPicture

SAME = 0.5
"""IoU above which two masks are of one object: no third can be as near to either."""


class Sam3Detector(Sam3Backend):
    """An example is shown to the model as the box around it, in the picture that is searched.

    The model cannot be shown another picture. Examples that it cannot be shown are left out where there
    are words, and refused where there are none.
    """

    threshold = 0.5

    @property
    def reads(self) -> frozenset[str]:
        """Words; examples where torchvision is there, which the library looks into boxes with."""
        return frozenset({WORDS, EXAMPLES_HERE} if find_spec("torchvision") else {WORDS})

    def detect(self, embedding: EncodedPicture, wish: Wish) -> list[Detected]:
        """Return what fits the wish, see ``Detector``. Examples themselves are not found once more.

        Raises BackendError for a wish that says nothing that the model can read.
        """
        here = [one for one in wish.examples if one.rgb is None and one.mask.any()]
        shown = here if EXAMPLES_HERE in self.reads else []
        words = wish.words.strip()
        if not words and not shown:
            raise BackendError(self._refusal(wish, here))
        width, height = embedding.width, embedding.height
        with memory_told(width=width, height=height):
            found = embedding.find(
                words,
                [box_around(one.mask) for one in shown],
                threshold=wish.threshold,
                most=wish.most + len(here),
            )
        left = [one for one in found if all(mask_iou(one.mask, each.mask) <= SAME for each in here)]
        return left[: wish.most]

    @staticmethod
    def _refusal(wish: Wish, here: list[Example]) -> str:
        if here:
            return (
                "SAM 3 looks into examples with torchvision, which is not installed on this worker. Name the "
                "objects in words, or install Labelyard with the extra “sam”."
            )
        if wish.examples:
            return (
                "SAM 3 takes examples only from the picture that it searches, and there is none in this one. "
                "Name the objects in words, or search with the detector “similar”."
            )
        return "Nothing says what to look for: name the objects in words."


def box_around(mask: BoolMask) -> Box:
    """Return the box of the pixels of a mask that has some."""
    left, top, width, height = mask_bounds(mask) or (0, 0, 0, 0)
    return Box(float(left), float(top), float(width), float(height))

"""What the segmenter and the detector have in common: one model, one name, one encoding of a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workers.backends.base import RgbFrame
from workers.backends.device.encoder import PictureEncoder
from workers.backends.sam3.loading import library, model_loaded
from workers.backends.sam3.options import Sam3Options

if TYPE_CHECKING:
    from workers.backends.sam3.model import Sam3
    from workers.backends.sam3.picture import EncodedPicture


class Sam3Backend(PictureEncoder[Sam3Options, "Sam3", "EncodedPicture"]):
    """A picture that was opened for one of them serves the other."""

    name = "sam3"

    def model(self) -> Sam3:
        return model_loaded(self.options)

    def library(self) -> str:
        return library()

    def encode(self, model: Sam3, rgb: RgbFrame) -> EncodedPicture:
        from workers.backends.sam3.picture import EncodedPicture

        return EncodedPicture(model, rgb)

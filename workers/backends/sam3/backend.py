"""What the segmenter and the detector have in common: one model, one name, one encoding of a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workers.backends.base import RgbFrame
from workers.backends.device.memory import memory_told
from workers.backends.sam3.loading import model_loaded, version_of
from workers.backends.sam3.options import Sam3Options

if TYPE_CHECKING:
    from workers.backends.sam3.picture import EncodedPicture


class Sam3Backend:
    """Loads the model on first use. Nothing of PyTorch is touched before: who forks others must not have."""

    name = "sam3"

    def __init__(self, options: Sam3Options) -> None:
        self.options = options

    def load(self) -> None:
        """Load the model, unless it is there. Raises BackendError when it cannot be loaded."""
        model_loaded(self.options)

    @property
    def version(self) -> str:
        """Model, device, precision and library. Loads the model, since encodings are kept under this name.

        Raises BackendError when it cannot be loaded.
        """
        return version_of(model_loaded(self.options))

    def open(self, rgb: RgbFrame) -> EncodedPicture:
        """Encode a picture ``(height, width, 3)``, for either of them. Raises BackendError when it cannot."""
        model = model_loaded(self.options)
        from workers.backends.sam3.picture import EncodedPicture

        height, width = rgb.shape[:2]
        with memory_told(width=width, height=height):
            return EncodedPicture(model, rgb)

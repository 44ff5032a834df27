"""What the scripted segmenter and the scripted detector keep of a picture: they are one model to the lane."""

from __future__ import annotations

from dataclasses import dataclass

from workers.backends.base import RgbFrame


@dataclass(frozen=True)
class FlatPicture:
    """The picture itself is all that is kept of it."""

    rgb: RgbFrame

    @property
    def width(self) -> int:
        return int(self.rgb.shape[1])

    @property
    def height(self) -> int:
        return int(self.rgb.shape[0])

    @property
    def nbytes(self) -> int:
        return self.rgb.nbytes

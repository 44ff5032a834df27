"""From decoded pictures to displayed ones: pixel aspect, orientation, colour, fingerprint."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from fractions import Fraction
from typing import cast

import numpy as np
from av.sidedata.sidedata import SideData
from av.sidedata.sidedata import Type as SideDataType
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

RgbImage = NDArray[np.uint8]
"""Shape ``(height, width, 3)``, in display orientation."""

_UNSPECIFIED = 2  # AVCOL_SPC_UNSPECIFIED
_SAMPLED_ROWS = 64
# Signs of the display matrix (a, b, c, d) and the EXIF orientation that does the same.
_MATRIX_ORIENTATIONS = {
    (1, 0, 0, 1): 1,
    (-1, 0, 0, 1): 2,
    (-1, 0, 0, -1): 3,
    (1, 0, 0, -1): 4,
    (0, 1, 1, 0): 5,
    (0, 1, -1, 0): 6,
    (0, -1, -1, 0): 7,
    (0, -1, 1, 0): 8,
}


def frame_orientation(frame: VideoFrame) -> int:
    """Return the EXIF orientation of the frame's display matrix; 1 where there is none or it is skewed."""
    side_data = cast("Mapping[SideDataType, SideData]", frame.side_data)
    try:
        data = side_data[SideDataType.DISPLAYMATRIX]
    except KeyError:
        return 1
    # Rows of the matrix are (a, b, u), (c, d, v), (x, y, w); only a to d turn the picture.
    a, b, _, c, d = (int(value) for value in np.frombuffer(memoryview(data), dtype="=i4", count=5))
    largest = max(1, *(abs(value) for value in (a, b, c, d)))
    signs = (round(a / largest), round(b / largest), round(c / largest), round(d / largest))
    return _MATRIX_ORIENTATIONS.get(signs, 1)


def orient(image: RgbImage, orientation: int) -> RgbImage:
    """Turn a decoded picture into the displayed one (EXIF orientation 1 to 8)."""
    if orientation in (5, 6, 7, 8):
        image = image.transpose(1, 0, 2)
    if orientation in (2, 3, 6, 7):
        image = image[:, ::-1]
    if orientation in (3, 4, 7, 8):
        image = image[::-1]
    return np.ascontiguousarray(image)


def swaps_sides(orientation: int) -> bool:
    """Say whether this orientation exchanges width and height."""
    return orientation >= 5


def displayed_size(width: int, height: int, *, aspect: Fraction, orientation: int) -> tuple[int, int]:
    """Return (width, height) of the displayed picture.

    Pixels that are not square are stretched, never shrunk, as browsers do; ``aspect`` is the
    width of a pixel over its height.
    """
    if aspect > 1:
        width = max(1, round(width * aspect))
    elif 0 < aspect < 1:
        height = max(1, round(height / aspect))
    return (height, width) if swaps_sides(orientation) else (width, height)


class RgbConverter:
    """Turns decoded frames into displayed RGB pictures of one size, always the same way."""

    def __init__(self, *, width: int, height: int, orientation: int) -> None:
        self._orientation = orientation
        self._size = (height, width) if swaps_sides(orientation) else (width, height)
        self._reformatter = VideoReformatter()

    def convert(self, frame: VideoFrame) -> RgbImage:
        """Return the displayed picture, shape ``(height, width, 3)``, uint8."""
        width, height = self._size
        converted = self._reformatter.reformat(
            frame,
            width=width,
            height=height,
            format="rgb24",
            src_colorspace=_assumed_colorspace(frame),
            interpolation=Interpolation.BICUBIC,
        )
        return orient(np.asarray(converted.to_ndarray(), dtype=np.uint8), self._orientation)


def _assumed_colorspace(frame: VideoFrame) -> Colorspace | None:
    """Where the file does not say, high definition is BT.709 and the rest BT.601, as players assume."""
    if int(frame.colorspace) != _UNSPECIFIED:
        return None
    return Colorspace.ITU709 if frame.height >= 720 else Colorspace.ITU601


def frame_check(frame: VideoFrame) -> int:
    """Return a fingerprint of the decoded picture: CRC-32 of some rows of its first plane.

    It tells whether a picture that was reached by seeking is the one that decoding from the
    start gave; 64 rows keep the cost far below that of decoding.
    """
    plane = frame.planes[0]
    wide = 2 if frame.format.components[0].bits > 8 else 1
    rows = np.frombuffer(memoryview(plane), dtype=np.uint8)[: plane.line_size * plane.height]
    sampled = rows.reshape(plane.height, plane.line_size)[:: max(1, plane.height // _SAMPLED_ROWS)]
    return zlib.crc32(np.ascontiguousarray(sampled[:, : plane.width * wide]).data)

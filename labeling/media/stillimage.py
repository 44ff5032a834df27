"""Single pictures: JPEG, PNG, WebP, TIFF, BMP, as their displayed RGB."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from labeling.media.errors import MediaRefused
from labeling.media.picture import RgbImage, swaps_sides

_ORIENTATION = 0x0112
_DEEP_MODES = ("I", "F", "I;16", "I;16B", "I;16L")
DECODE_ERRORS = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error)
"""What Pillow's decoders raise for broken files."""


def open_image(file: Path | BinaryIO, *, form: str, max_pixels: int) -> Image.Image:
    """Read the header with exactly one of Pillow's formats; the pixels are not decoded yet.

    Of a file with several pictures it is the first. Raises MediaRefused for what is not such a
    picture, or claims more than ``max_pixels``.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Image.MAX_IMAGE_PIXELS = None  # our own limit, with our own sentence, follows
        try:
            image = Image.open(file, formats=(form,))
        except DECODE_ERRORS as error:
            raise MediaRefused(
                "undecodable", "The picture cannot be decoded: its header is broken."
            ) from error
    if image.width * image.height > max_pixels:
        sentence = (
            f"The picture claims {image.width} x {image.height} pixels; at most {max_pixels:,} are allowed."
        )
        image.close()
        raise MediaRefused("too_large", sentence)
    return image


def displayed_image_size(image: Image.Image) -> tuple[int, int]:
    """Return (width, height) after EXIF orientation, as far as a broken picture tells it."""
    width, height = image.size
    try:
        orientation = int(image.getexif().get(_ORIENTATION, 1))
    except DECODE_ERRORS:
        orientation = 1
    return (height, width) if swaps_sides(orientation) else (width, height)


def image_rgb(image: Image.Image) -> RgbImage:
    """Decode the picture: EXIF orientation applied, transparency over white, deep grey scaled to 8 bits.

    Raises what is in ``DECODE_ERRORS``.
    """
    upright = ImageOps.exif_transpose(image)
    if upright.mode in _DEEP_MODES:
        return _deep_grey(upright)
    if "A" in upright.getbands() or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        ground = Image.new("RGBA", upright.size, (255, 255, 255, 255))
        upright = Image.alpha_composite(ground, upright)
    return np.asarray(upright.convert("RGB"), dtype=np.uint8)


def _deep_grey(image: Image.Image) -> RgbImage:
    """16 bits are divided by 257; other depths have no agreed white, so their range is stretched."""
    values = np.asarray(image).astype(np.float32)
    if image.mode.startswith("I;16"):
        grey = values / 257.0
    else:
        values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
        low, high = float(values.min()), float(values.max())
        grey = (values - low) * (255.0 / (high - low)) if high > low else np.zeros_like(values)
    return np.repeat(np.rint(grey).astype(np.uint8)[:, :, None], 3, axis=2)

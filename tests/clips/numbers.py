"""A number drawn into a picture as big black and white blocks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

_ROWS, _COLUMNS = 4, 4
_BITS = 12


def draw_number(number: int, *, width: int, height: int) -> Picture:
    """Return a picture of shape (height, width, 3): 12 bits of the number and 4 bits of its checksum."""
    code = number << 4 | _checksum(number)
    picture = np.zeros((height, width, 3), dtype=np.uint8)
    for place, (rows, columns) in enumerate(_blocks(width, height)):
        picture[rows, columns] = 255 if code >> place & 1 else 0
    return picture


def read_number(picture: Picture) -> int | None:
    """Return the number in a picture of any size; None where none can be read without doubt."""
    height, width = picture.shape[:2]
    code = 0
    for place, (rows, columns) in enumerate(_blocks(width, height)):
        block = picture[rows, columns].astype(np.float64)
        third_y, third_x = block.shape[0] // 3, block.shape[1] // 3
        value = float(block[third_y : 2 * third_y + 1, third_x : 2 * third_x + 1].mean())
        if 64 < value < 192:
            return None
        code |= (value >= 128) << place
    number = code >> 4
    return number if _checksum(number) == code & 15 else None


def _checksum(number: int) -> int:
    return 5 ^ (number & 15) ^ (number >> 4 & 15) * 3 & 15 ^ (number >> 8 & 15) * 7 & 15


def _blocks(width: int, height: int) -> list[tuple[slice, slice]]:
    ys = [round(row * height / _ROWS) for row in range(_ROWS + 1)]
    xs = [round(column * width / _COLUMNS) for column in range(_COLUMNS + 1)]
    return [
        (slice(ys[row], ys[row + 1]), slice(xs[column], xs[column + 1]))
        for row in range(_ROWS)
        for column in range(_COLUMNS)
    ]

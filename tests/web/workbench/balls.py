"""A film of balls on a mat: things that a segmenter of clicks finds, and where they really are."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from labeling.geometry.masks import mask_iou, shape_to_mask
from labeling.geometry.shapes import BoolMask, Shape
from tests.clips.clip import CLOSED
from tests.clips.encoding import Encoding, encode_pictures

WIDTH, HEIGHT, FRAMES = 160, 128, 40
Place = tuple[float, float]

LYING: tuple[Place, ...] = ((120, 30), (122, 92))
RADIUS = 15.0
_Y, _X = np.mgrid[:HEIGHT, :WIDTH] + 0.5


def rolling(frame: int) -> Place:
    """Where the middle of the ball is that rolls."""
    return 36.0 + frame, 64.0


def ball(place: Place) -> BoolMask:
    """The pixels of the ball whose middle is there."""
    pixels: BoolMask = np.hypot(_X - place[0], _Y - place[1]) <= RADIUS
    return pixels


def encode_balls(path: Path) -> None:
    """A film of two balls that lie and one that rolls to the right, a pixel a frame."""
    path.write_bytes(film_of_balls())


@cache
def film_of_balls() -> bytes:
    """The file, encoded once in this process."""
    mat = 60 + 8 * np.sin(_X / 9) + 8 * np.cos(_Y / 7)
    pictures = []
    for frame in range(FRAMES):
        picture = np.repeat(mat[..., None], 3, axis=2)
        for place in (rolling(frame), *LYING):
            picture[ball(place)] = (224, 150, 40)
        pictures.append(np.round(picture).astype(np.uint8))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "balls.mp4"
        encode_pictures(path, pictures, encoding=Encoding(options=CLOSED))
        return path.read_bytes()


def likeness(shape: Shape, expected: BoolMask) -> float:
    """Intersection over union with what is really there."""
    mask = shape_to_mask(shape, width=WIDTH, height=HEIGHT)
    return mask_iou(mask, expected)

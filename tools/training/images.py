"""The pictures that training clips are made of. ``images.csv`` names each with author and licence."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Shape ``(height, width, 3)``, RGB."""

Alpha = NDArray[np.float32]
"""Shape ``(height, width)``, 0..1."""

LIST = Path(__file__).with_name("images.csv")
_SCENE_SIDE = 1400
_CUTOUT_AREA = 200 * 200
_FILM_STEP = 22  # frames between two pictures of a film


@dataclass(frozen=True)
class Entry:
    """A line of the list. ``role``: scene, cutout (a thing with alpha) or silhouette (its alpha alone)."""

    package: str
    version: str
    file: str
    role: str
    author: str
    licence: str


@dataclass(frozen=True)
class Cutout:
    """A thing and where it is."""

    picture: Picture
    alpha: Alpha


@dataclass(frozen=True)
class Images:
    """All that clips are made of."""

    scenes: list[Picture]
    cutouts: list[Cutout]
    silhouettes: list[Alpha]


def entries(path: Path = LIST) -> list[Entry]:
    """Read the list."""
    with path.open(newline="", encoding="utf-8") as file:
        return [Entry(**row) for row in csv.DictReader(file)]


def images_load(folder: Path, *, listed: list[Entry] | None = None) -> Images:
    """Load the pictures from ``folder``, into which their packages were unpacked.

    Raises FileNotFoundError for the first that is missing.
    """
    images = Images([], [], [])
    for entry in entries() if listed is None else listed:
        path = folder / entry.file
        if not path.exists():
            raise FileNotFoundError(f"{path} of the package {entry.package} is missing.")
        if entry.role == "scene":
            images.scenes.extend(_scenes(path))
        else:
            cutout = _cutout(path)
            if entry.role == "cutout":
                images.cutouts.append(cutout)
            images.silhouettes.append(cutout.alpha)
    return images


def _scenes(path: Path) -> Iterator[Picture]:
    if path.suffix == ".mp4":
        yield from _film(path)
        return
    image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if image is None:
        raise ValueError(f"{path} cannot be read as a picture.")
    yield _limited(_opaque(np.asarray(image, np.uint8)), side=_SCENE_SIDE)


def _film(path: Path) -> Iterator[Picture]:
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number % _FILM_STEP == 0:
                picture = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
                yield _limited(picture, side=_SCENE_SIDE)


def _opaque(image: NDArray[np.uint8]) -> Picture:
    """Return RGB; what is transparent shows a pale sky."""
    if image.ndim == 2:
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2RGB), np.uint8)
    if image.shape[2] == 3:
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.uint8)
    alpha = image[..., 3:].astype(np.float32) / 255
    sky = np.linspace(150, 225, len(image), dtype=np.float32)[:, None, None] * np.array([0.85, 0.95, 1])
    return np.asarray(image[..., 2::-1] * alpha + sky * (1 - alpha), np.uint8)


def _limited(picture: Picture, *, side: int) -> Picture:
    scale = side / max(picture.shape[:2])
    if scale >= 1:
        return picture
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _cutout(path: Path) -> Cutout:
    image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if image is None or image.ndim != 3 or image.shape[2] != 4:
        raise ValueError(f"{path} has no alpha.")
    rows, columns = np.nonzero(image[..., 3] > 127)
    image = image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    scale = min(1.0, float(np.sqrt(_CUTOUT_AREA / len(rows))))
    image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    image = cv2.copyMakeBorder(image, 4, 4, 4, 4, cv2.BORDER_CONSTANT)
    alpha = np.asarray(image[..., 3], np.float32) / np.float32(255)
    picture = np.ascontiguousarray(image[..., 2::-1]).astype(np.uint8)
    return Cutout(_filled(picture, alpha), alpha)


def _filled(picture: Picture, alpha: Alpha) -> Picture:
    """Return the picture with its colours drawn outwards, so that no rim shows when it is resampled."""
    known = cv2.erode((alpha > 0.9).astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.float32)
    if not known.any():
        return picture
    blurred = cv2.GaussianBlur(picture.astype(np.float32) * known[..., None], (0, 0), 5)
    weight = cv2.GaussianBlur(known, (0, 0), 5)[..., None]
    outside = np.where(weight > 1e-3, blurred / np.maximum(weight, 1e-3), 128)
    return np.where(known[..., None] > 0, picture, outside).astype(np.uint8)

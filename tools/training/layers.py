"""A thing in a picture: what it shows, its outline, and how it moves."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from tools.training.images import Alpha, Images, Picture
from tools.training.motion import Field, Motion, sampled
from tools.training.silhouettes import drawn, segment


@dataclass(frozen=True)
class Thing:
    """A picture and the outline of what counts in it. ``photo``: the rest of the picture is real too."""

    picture: Picture
    alpha: Alpha
    photo: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.alpha.shape[1], self.alpha.shape[0]

    @property
    def area(self) -> float:
        return float(max(self.alpha.sum(), 1.0))


class Layer:
    """A thing on its course."""

    def __init__(self, thing: Thing, motion: Motion) -> None:
        self.thing = thing
        self.motion = motion

    def draw(self, canvas: Field, *, shutter: float = 0.0) -> tuple[Field, Alpha]:
        """Return ``canvas`` (float, RGB) with the thing on it, and where the thing is.

        ``shutter``: share of a frame for which the picture is exposed; it smears what moves.
        """
        source = self.motion.source()
        seen = sampled(self.thing.picture, source, border=cv2.BORDER_REPLICATE)
        alpha = np.asarray(cv2.GaussianBlur(sampled(self.thing.alpha, source), (0, 0), 0.7), np.float32)
        kernel = _smear(self.motion.velocity * shutter)
        if kernel is not None:
            seen = np.asarray(cv2.filter2D(seen, -1, kernel), np.float32)
            alpha = np.asarray(cv2.filter2D(alpha, -1, kernel), np.float32)
        share = alpha[..., None]
        return canvas * (1 - share) + seen * share, alpha


def _smear(move: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Alpha | None:
    """Return the kernel of a straight motion blur, or None when it is too short to be seen."""
    length = float(np.hypot(*move))
    if length < 1.5:
        return None
    side = 2 * int(np.ceil(length / 2)) + 1
    kernel = np.zeros((side, side), np.float32)
    middle = side // 2
    end = np.rint(move / 2).astype(int)
    cv2.line(
        kernel,
        (middle - int(end[0]), middle - int(end[1])),
        (middle + int(end[0]), middle + int(end[1])),
        1.0,
    )
    return np.asarray(kernel / kernel.sum(), np.float32)


def scene_crop(images: Images, rng: np.random.Generator, *, least: int) -> Picture:
    """Return a part of a photo, ``least`` pixels or more on its shorter side."""
    scene = images.scenes[rng.integers(len(images.scenes))]
    height, width = scene.shape[:2]
    side = int(rng.uniform(min(least, height, width), min(height, width) + 1))
    across = min(width, int(side * rng.uniform(1, 1.7)))
    top, left = rng.integers(height - side + 1), rng.integers(width - across + 1)
    return np.ascontiguousarray(scene[top : top + side, left : left + across])


def thing_drawn(images: Images, rng: np.random.Generator) -> Thing:
    """Return a cutout, a segment of a photo, or an outline filled with a photo's texture."""
    kind = rng.choice(["cutout", "segment", "filled"], p=[0.55, 0.25, 0.2])
    if kind == "cutout" and images.cutouts:
        cutout = images.cutouts[rng.integers(len(images.cutouts))]
        return Thing(_recoloured(cutout.picture, rng), cutout.alpha)
    if kind == "segment":
        picture = _small(scene_crop(images, rng, least=200))
        mask = segment(picture, rng)
        if mask is not None:
            return Thing(picture, mask, photo=True)
    return _filled(images, rng)


def photo_with_segment(images: Images, rng: np.random.Generator) -> Thing | None:
    """Return a whole photo of which a segment is the thing."""
    picture = _small(scene_crop(images, rng, least=250))
    mask = segment(picture, rng)
    return None if mask is None else Thing(picture, mask, photo=True)


def _filled(images: Images, rng: np.random.Generator) -> Thing:
    if images.silhouettes and rng.random() < 0.5:
        alpha = images.silhouettes[rng.integers(len(images.silhouettes))]
    else:
        alpha = drawn(rng)
    texture = _small(scene_crop(images, rng, least=120))
    size = alpha.shape[1], alpha.shape[0]
    picture = cv2.resize(texture, size, interpolation=cv2.INTER_AREA)
    return Thing(_recoloured(np.asarray(picture, np.uint8), rng), alpha)


def _small(picture: Picture) -> Picture:
    scale = 420 / max(picture.shape[:2])
    if scale >= 1:
        return picture
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _recoloured(picture: Picture, rng: np.random.Generator) -> Picture:
    """Return the picture in another light, at times in another hue."""
    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB).astype(np.float32)
    lab[..., 0] = lab[..., 0] * rng.uniform(0.6, 1.15) + rng.normal() * 12
    if rng.random() < 0.4:
        lab[..., 1:] = (lab[..., 1:] - 128) * rng.uniform(0.2, 1.2) + 128 + rng.normal(0, 8, 2)
    return np.asarray(cv2.cvtColor(np.clip(lab, 0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB), np.uint8)

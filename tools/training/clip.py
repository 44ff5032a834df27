"""Short films whose masks are known: things move before a background, or a photo is deformed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import cv2
import numpy as np

from tools.training.images import Alpha, Images, Picture
from tools.training.layers import Layer, Thing, photo_with_segment, scene_crop, thing_drawn
from tools.training.motion import Field, Motion, sampled

SMALL, LARGE = (264, 216), (400, 236)
"""Sizes of clips. The larger ones are as pictures are when tracked, and take longer to make."""


@dataclass(frozen=True)
class Clip:
    """``masks``: shape of the frames, 0..1: the visible part of the object."""

    frames: list[Picture]
    masks: list[Alpha]


@dataclass
class Stage:
    """What is in a clip. Distractors and bars in ``front`` hide the object."""

    size: tuple[int, int]
    shutter: float
    background: Layer
    behind: list[Layer] = field(default_factory=list)
    objects: list[Layer] = field(default_factory=list)
    front: list[Layer] = field(default_factory=list)
    shadow: float = 0.0

    def draw(self) -> tuple[Field, Alpha]:
        """Return the picture (float, RGB) and the object's visible part."""
        canvas = _backdrop(self.background)
        for layer in self.behind:
            canvas, _ = layer.draw(canvas, shutter=self.shutter)
        visible = np.zeros(canvas.shape[:2], np.float32)
        for layer in self.objects:
            if self.shadow:
                canvas = _shadowed(canvas, layer, self.shadow)
            canvas, visible = layer.draw(canvas, shutter=self.shutter)
        for layer in self.front:
            canvas, hiding = layer.draw(canvas, shutter=self.shutter)
            visible = visible * (1 - hiding)
        return canvas, visible

    def step(self) -> None:
        """Go on to the next frame."""
        for layer in (self.background, *self.behind, *self.objects, *self.front):
            layer.motion.step()


class Play(Protocol):
    """What is filmed."""

    def draw(self) -> tuple[Field, Alpha]:
        """Return the picture (float, RGB) and the object's visible part."""
        ...

    def step(self) -> None:
        """Go on to the next frame."""
        ...


def clip_made(images: Images, rng: np.random.Generator, *, frames: list[int]) -> Clip:
    """Make a clip of these frames of a play: the first is 0, they rise, and some may be left out."""
    size = LARGE if rng.random() < 0.3 else SMALL
    if rng.random() < 0.2:
        thing = photo_with_segment(images, rng)
        if thing is not None:
            return _filmed(_Deformed(thing, size, rng), rng, frames=frames)
    return _filmed(_staged(images, size, rng), rng, frames=frames)


def _filmed(play: Play, rng: np.random.Generator, *, frames: list[int]) -> Clip:
    """Draw the frames with the faults of a camera: changing light, blur, noise, compression."""
    clip = Clip([], [])
    gain, drift = 1.0, rng.uniform(0.985, 1.015)
    blur = rng.uniform(0.5, 1.2) if rng.random() < 0.3 else 0.0
    noise = rng.uniform(0.5, 4)
    quality = int(rng.integers(40, 95)) if rng.random() < 0.5 else 0
    for now, following in zip(frames, [*frames[1:], frames[-1]], strict=True):
        picture, mask = play.draw()
        for _ in range(following - now):
            play.step()
        if blur:
            picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), blur), np.float32)
        picture = picture * gain + noise * rng.standard_normal((*mask.shape, 1), dtype=np.float32)
        gain *= drift
        frame = np.clip(picture, 0, 255).astype(np.uint8)
        if quality:
            packed = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
            frame = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
        clip.frames.append(frame)
        clip.masks.append(mask)
    return clip


def _staged(images: Images, size: tuple[int, int], rng: np.random.Generator) -> Stage:
    thing = thing_drawn(images, rng)
    side = float(np.exp(rng.uniform(np.log(18), np.log(0.55 * size[1]))))
    speed = float(np.exp(rng.uniform(np.log(0.3), np.log(7.0))))
    start = size[0] * rng.uniform(0.2, 0.8), size[1] * rng.uniform(0.25, 0.75)
    stage = Stage(
        size=size,
        shutter=rng.uniform(0.3, 1) if rng.random() < 0.3 else 0.0,
        background=_background(images, size, rng, follows=thing),
        shadow=rng.uniform(0.3, 0.7) if rng.random() < 0.25 else 0.0,
    )
    stage.objects.append(_moving(thing, stage, rng, start=start, side=side, speed=speed))
    for _ in range(rng.choice([0, 1, 2, 3], p=[0.4, 0.3, 0.2, 0.1])):
        other = thing if rng.random() < 0.4 else thing_drawn(images, rng)
        apart = rng.standard_normal(2) * side * 1.2
        layer = _moving(
            other,
            stage,
            rng,
            start=(start[0] + apart[0], start[1] + apart[1]),
            side=side * rng.uniform(0.4, 1.3),
            speed=speed,
        )
        (stage.front if rng.random() < 0.3 else stage.behind).append(layer)
    if rng.random() < 0.2:
        stage.front.append(_bars(images, stage, rng))
    return stage


def _moving(
    thing: Thing,
    stage: Stage,
    rng: np.random.Generator,
    *,
    start: tuple[float, float],
    side: float,
    speed: float,
) -> Layer:
    motion = Motion(
        rng,
        frame=stage.size,
        thing=thing.size,
        start=start,
        scale=side / float(np.sqrt(thing.area)),
        speed=speed,
        rippling=rng.uniform(0.2, 3.5) * side / 70,
        growth=0.015,
        turning=0.025,
        bends=int(rng.choice([0, 1, 2, 3], p=[0.35, 0.25, 0.25, 0.15])),
    )
    return Layer(thing, motion)


def _background(images: Images, size: tuple[int, int], rng: np.random.Generator, *, follows: Thing) -> Layer:
    """Return a photo, at times the very one that the object was cut from: it looks like the object."""
    own = follows.photo and rng.random() < 0.4
    picture = follows.picture if own else scene_crop(images, rng, least=300)
    scale = max(size[0] / picture.shape[1], size[1] / picture.shape[0]) * rng.uniform(1.1, 1.8)
    if scale < 1:
        smaller = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        picture, scale = np.asarray(smaller, np.uint8), 1.0
    motion = Motion(
        rng,
        frame=size,
        thing=(picture.shape[1], picture.shape[0]),
        start=(size[0] / 2, size[1] / 2),
        scale=scale,
        speed=float(np.exp(rng.uniform(np.log(0.1), np.log(6)))),
        rippling=rng.uniform(0, 3),
        growth=0.008,
        turning=0.006,
    )
    return Layer(Thing(picture, np.ones(picture.shape[:2], np.float32)), motion)


def _backdrop(background: Layer) -> Field:
    """Return the background over the whole frame; beyond its edges it is mirrored."""
    source = background.motion.source()
    return sampled(background.thing.picture, source, border=cv2.BORDER_REFLECT)


def _bars(images: Images, stage: Stage, rng: np.random.Generator) -> Layer:
    """Return thin bars of a photo's texture, as fences and poles in front of the object."""
    picture = cv2.resize(scene_crop(images, rng, least=100), stage.size, interpolation=cv2.INTER_AREA)
    alpha = np.zeros((stage.size[1], stage.size[0]), np.float32)
    for _ in range(rng.integers(1, 6)):
        x, lean = rng.uniform(0, stage.size[0]), rng.normal() * 15
        ends = (int(x), 0), (int(x + lean), stage.size[1])
        cv2.line(alpha, *ends, 1.0, int(rng.integers(2, 14)))
    if rng.random() < 0.3:
        across = cv2.resize(np.ascontiguousarray(alpha.T), stage.size, interpolation=cv2.INTER_AREA)
        alpha = np.asarray(across, np.float32)
    motion = Motion(
        rng,
        frame=stage.size,
        thing=stage.size,
        start=(stage.size[0] / 2, stage.size[1] / 2),
        scale=1.15,
        speed=rng.uniform(0.1, 4),
        rippling=0.0,
        growth=0.003,
        turning=0.003,
    )
    return Layer(Thing(np.asarray(picture, np.uint8), alpha), motion)


def _shadowed(canvas: Field, layer: Layer, depth: float) -> Field:
    """Return the canvas with the thing's shadow on the ground below it: it moves with it and is not it."""
    source = layer.motion.source()
    alpha = sampled(layer.thing.alpha, source)
    rows = np.flatnonzero(alpha.max(axis=1) > 0.5)
    if not len(rows):
        return canvas
    foot, tall = int(rows[-1]), int(rows[-1] - rows[0] + 1)
    flat = np.array([[1, 0, 0], [0, 0.3, foot - 0.3 * foot + 0.1 * tall]], np.float32)
    shade = cv2.warpAffine(alpha, flat, (alpha.shape[1], alpha.shape[0]))
    shade = np.asarray(cv2.GaussianBlur(shade, (0, 0), max(1.0, 0.03 * tall)), np.float32)
    return np.asarray(canvas * (1 - depth * shade[..., None]), np.float32)


class _Deformed:
    """A photo that is deformed as a whole; around the segment it also drifts."""

    def __init__(self, thing: Thing, size: tuple[int, int], rng: np.random.Generator) -> None:
        rows, columns = np.nonzero(thing.alpha > 0.5)
        self._thing = thing
        near = cv2.GaussianBlur(thing.alpha, (0, 0), max(2.0, 0.25 * float(np.sqrt(thing.area))))
        self._near = np.asarray(near, np.float32)
        self._drift = rng.standard_normal(2) * rng.uniform(0, 2.5)
        fit = max(size[0] / thing.size[0], size[1] / thing.size[1])
        self._motion = Motion(
            rng,
            frame=size,
            thing=(2 * int(columns.mean()), 2 * int(rows.mean())),
            start=(size[0] * rng.uniform(0.3, 0.7), size[1] * rng.uniform(0.3, 0.7)),
            scale=fit * rng.uniform(1, 1.6),
            speed=float(np.exp(rng.uniform(np.log(0.3), np.log(6)))),
            rippling=rng.uniform(0.3, 3),
            growth=0.012,
            turning=0.012,
            bends=int(rng.integers(0, 2)),
        )

    def draw(self) -> tuple[Field, Alpha]:
        source = self._motion.source()
        near = sampled(self._near, source, border=cv2.BORDER_REPLICATE)
        drifted = self._drift * self._motion.time / self._motion.scale
        source = np.asarray(source + (1 - near[..., None]) * drifted, np.float32)
        seen = sampled(self._thing.picture, source, border=cv2.BORDER_REFLECT)
        return seen, sampled(self._thing.alpha, source)

    def step(self) -> None:
        self._motion.step()

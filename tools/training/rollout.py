"""From clips to what the network learns from: evidence as the tracker gathers it, and the true mask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from tools.training.clip import clip_made
from tools.training.corrupt import corrupted
from tools.training.images import Alpha, Images
from workers.backends.fast.appearance import Appearance
from workers.backends.fast.arrays import Floats
from workers.backends.fast.evidence import Evidence, evidence_of
from workers.backends.fast.track import Transition
from workers.backends.fast.view import FrameView

Predict = Callable[[Floats], Floats]
"""From evidence, shape ``(CHANNELS, SIDE, SIDE)``, to 0..1, shape ``(SIDE, SIDE)``."""

_MOST_FRAMES = 7
_FEWEST_PIXELS = 60


@dataclass(frozen=True)
class Example:
    """``evidence``: shape ``(CHANNELS, SIDE, SIDE)``; ``truth``: ``(SIDE, SIDE)``, 0..1; both float16."""

    evidence: np.ndarray[tuple[int, ...], np.dtype[np.float16]]
    truth: np.ndarray[tuple[int, ...], np.dtype[np.float16]]


def examples(images: Images, rng: np.random.Generator, *, predict: Predict | None) -> Iterator[Example]:
    """Yield the examples of one clip.

    Each frame's mask is the mask to start from on the next one. It is the network's own, from
    ``predict``, or a corrupted truth when there is none or it went astray: from mild errors
    the network would learn to believe the flow.
    """
    clip = clip_made(images, rng, frames=_frames_drawn(rng))
    if len(clip.frames) < 3 or (clip.masks[0] > 0.5).sum() < _FEWEST_PIXELS:
        return
    views = [FrameView(frame, frame=number) for number, frame in enumerate(clip.frames)]
    soft = np.asarray(cv2.GaussianBlur(clip.masks[0], (0, 0), 0.6), np.float32)
    appearance = Appearance.learnt(views[0], soft, rng)
    first = 1
    if rng.random() < 0.5:  # the key frame lies some way back
        soft = corrupted(clip.masks[1], rng) if rng.random() < 0.75 else clip.masks[1]
        first = 2
    for number in range(first, len(views)):
        transition = Transition(views[number - 1], views[number], seed=0)
        evidence = evidence_of(transition, soft, appearance, rng)
        if evidence is None:
            return
        truth = clip.masks[number]
        yield Example(evidence.inputs.astype(np.float16), evidence.window.cut(truth).astype(np.float16))
        soft = _following(evidence, truth, rng, predict)
        if (soft > 0.5).sum() > 20:
            appearance.learn(views[number], soft, rng)


def _frames_drawn(rng: np.random.Generator) -> list[int]:
    """Return the key frame and, after a gap, every frame or every second one."""
    length = 9 if rng.random() < 0.6 else 16
    gap, step = int(rng.integers(0, length // 3 + 1)), int(rng.integers(1, 3))
    return [0, *range(1 + gap, length, step)][:_MOST_FRAMES]


def _following(evidence: Evidence, truth: Alpha, rng: np.random.Generator, predict: Predict | None) -> Alpha:
    """Return the mask that the next frame starts from."""
    if predict is None or (truth > 0.5).sum() <= 20:
        return corrupted(truth, rng) if rng.random() < 0.6 else truth
    found = evidence.window.paste(predict(evidence.inputs), shape=(truth.shape[0], truth.shape[1]))
    both, either = (found > 0.5) & (truth > 0.5), (found > 0.5) | (truth > 0.5)
    if both.sum() < 0.3 * either.sum():
        return corrupted(truth, rng)
    return corrupted(found, rng) if rng.random() < 0.12 else found

"""The publisher's predictor as its documentation drives it, to compare with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from labeling.geometry.masks import mask_to_bitmask, shape_to_mask
from labeling.geometry.shapes import BoolMask
from tests.backends.scenes import Scene, Thing, straight
from workers.backends.base import FrameSource, Seed, TrackSession
from workers.folder import FolderFrames

Masks = dict[int, dict[int, BoolMask]]
"""Frame to object to its mask, empty where it is not seen."""

Prompts = Mapping[int, Mapping[int, BoolMask]]
"""Frame to object to the mask that is given for it there."""


@dataclass(frozen=True)
class Film:
    """Pictures in a folder, as the stock predictor loads them, and the true masks of the things."""

    scene: Scene
    folder: Path

    @property
    def frames(self) -> FolderFrames:
        return FolderFrames(self.folder)

    def masks(self, frame: int, *things: int) -> dict[int, BoolMask]:
        """Return the true masks by object: number 1 is the first thing."""
        return {thing: self.scene.truth(frame, thing - 1) for thing in things}


def film(folder: Path, *, length: int) -> Film:
    """Write a scene of three things that cross."""
    scene = Scene(
        [
            Thing(straight(60, 70, 180 / length, 60 / length)),
            Thing(straight(240, 150, -150 / length, 0), colour=(60, 80, 190), seed=2),
            Thing(straight(150, 60, 20 / length, 110 / length), colour=(200, 190, 60), seed=3, round=False),
        ],
        length=length,
    )
    folder.mkdir()
    for frame in range(length):
        Image.fromarray(scene.read_rgb(frame)).save(folder / f"{frame:05}.jpg", quality=90)
    return Film(scene, folder)


def stock_masks(predictor: Any, folder: Path, prompts: Prompts, *, reverse: bool = False) -> Masks:
    """Propagate from the first prompted frame on; stop on every other one to give its masks.

    An object that is prompted again is removed before, so that it begins anew.
    """
    import torch

    found: Masks = {}
    with torch.inference_mode():
        state = predictor.init_state(str(folder))
        stops = sorted(prompts, reverse=reverse)
        for start, end in zip(stops, [*stops[1:], None], strict=True):
            for number, mask in prompts[start].items():
                if number in state["obj_ids"]:
                    predictor.remove_object(state, number, need_output=False)
                predictor.add_new_mask(state, start, number, mask)
            span = None if end is None else abs(end - start)
            steps = predictor.propagate_in_video(state, start, span, reverse)
            for frame, numbers, logits in steps:
                masks = (logits[:, 0] > 0).numpy()
                # Where it stops to be prompted it comes by twice; the first time it did not know yet.
                found[frame] = {**dict(zip(numbers, masks, strict=True)), **found.get(frame, {})}
    return found


def session_masks(
    session: TrackSession, frames: FrameSource, prompts: Prompts, *, order: Sequence[int]
) -> Masks:
    """Drive our session over ``order``; the frames of ``prompts`` give masks, which are not compared."""
    found: Masks = {}
    for frame in order:
        if found or frame != order[0]:
            answers = session.step(frame=frame)
            found[frame] = {
                number: np.zeros((frames.height, frames.width), np.bool_)
                if one.shape is None
                else shape_to_mask(one.shape, width=frames.width, height=frames.height)
                for number, one in answers.items()
            }
        if frame in prompts:
            session.seed(frame=frame, seeds=mask_seeds(prompts[frame]))
    return found


def mask_seeds(masks: Mapping[int, BoolMask]) -> list[Seed]:
    """Return bitmask seeds of masks that are not empty."""
    seeds = []
    for number, mask in masks.items():
        shape = mask_to_bitmask(mask)
        assert shape is not None
        seeds.append(Seed(number, shape))
    return seeds


def differing(ours: Masks, stock: Masks) -> list[tuple[int, int]]:
    """Return frame and object of every mask of ours that is not the stock one to the bit."""
    return [
        (frame, number)
        for frame, masks in ours.items()
        for number, mask in masks.items()
        if not np.array_equal(mask, stock[frame][number])
    ]

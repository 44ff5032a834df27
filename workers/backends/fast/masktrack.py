"""An object followed as a mask: polygons and bitmasks."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from labeling.geometry.boxes import shape_bounds
from labeling.geometry.masks import mask_to_shape, shape_to_mask
from labeling.geometry.packing import shape_kind
from labeling.geometry.shapes import Bitmask, BoolMask, Shape
from workers.backends.base import BackendError, Tracked
from workers.backends.fast.appearance import Appearance
from workers.backends.fast.arrays import SoftMask
from workers.backends.fast.evidence import evidence_of
from workers.backends.fast.network import propagation_network
from workers.backends.fast.redetect import LastSeen
from workers.backends.fast.region import Region, mask_region
from workers.backends.fast.segment import outlined, segmented
from workers.backends.fast.track import Transition
from workers.backends.fast.view import FrameView

_AREAS_KEPT = 15
_LOST_SHARE = 0.3  # of the usual area: what is left when an object counts as lost
_GOOD_SHARE = 0.6  # of the usual area: from here on an area counts as usual itself
_FEWEST = 6  # pixels of an object that is in sight
_FEWEST_TO_LEARN = 20


class MaskTrack:
    """Flow, appearance and the network together; lost and found again.

    ``lost``: frames since the object was last seen, 0 while it is.
    """

    def __init__(self, shape: Shape, soft: SoftMask, appearance: Appearance, seen: LastSeen) -> None:
        self._shape = shape
        self._soft = soft
        self._appearance = appearance
        self._seen = seen
        self._areas = [_area(soft)]
        self._quality = 1.0
        self.lost = 0

    @classmethod
    def from_seed(cls, shape: Shape, view: FrameView, *, seed: int) -> MaskTrack:
        """Learn the object from its shape on ``view``. Raises BackendError when that is empty there."""
        soft = _soft_mask(shape, view)
        appearance = Appearance.learnt(view, soft, np.random.default_rng([seed, view.frame, 1]))
        seen = LastSeen.on_key_frame(soft > 0.5, appearance.wide_map(view))
        return cls(shape, soft, appearance, seen)

    def step(self, transition: Transition) -> Tracked:
        if self.lost or not self._follow(transition):
            self.lost += 1
            if not self._search(transition.current):
                return Tracked(shape=None, confidence=0.0)
        return self._tracked(transition.current)

    @property
    def _usual_area(self) -> float:
        return float(np.median(self._areas))

    def _follow(self, transition: Transition) -> bool:
        """Segment the object where the flow carries it; False when too little of it is left."""
        rng = np.random.default_rng([transition.seed, transition.current.frame])
        evidence = evidence_of(transition, self._soft, self._appearance, rng)
        if evidence is None:
            return False
        prediction = propagation_network().predict(evidence.inputs)
        soft = _quantised(segmented(evidence, prediction))
        area = _area(soft)
        if area < max(_FEWEST, _LOST_SHARE * self._usual_area):
            return False
        if area > _GOOD_SHARE * self._usual_area:
            self._areas = [*self._areas, area][-_AREAS_KEPT:]
        self._soft, self._quality = soft, prediction.quality
        self._seen.update(soft > 0.5)
        if area > _FEWEST_TO_LEARN:
            self._appearance.learn(transition.current, soft, rng)
        return True

    def _search(self, view: FrameView) -> bool:
        """Look for the lost object; False when it is not in sight."""
        wide_map = self._appearance.wide_map(view)
        found = self._seen.find(wide_map, frames_lost=self.lost, usual_area=self._usual_area / 4)
        if found is None:
            return False
        height, width = view.grey.shape
        soft = cv2.resize(found, (width, height), interpolation=cv2.INTER_LINEAR)
        self._soft = _quantised(np.asarray(soft, np.float32))
        if not _area(self._soft):
            return False
        self._seen.update(self._soft > 0.5)
        self._quality = 0.5
        self.lost = 0
        return True

    def _tracked(self, view: FrameView) -> Tracked:
        size = view.full_width, view.full_height
        mask = cv2.resize(outlined(self._soft, view), size, interpolation=cv2.INTER_LINEAR) > 0.5
        shape = mask_to_shape(np.asarray(mask), shape_kind(self._shape), previous=self._shape)
        if shape is None:
            return Tracked(shape=None, confidence=0.0)
        self._shape = shape
        return Tracked(shape=shape, confidence=self._quality)

    def state(self) -> dict[str, Any]:
        return {
            "kind": "mask",
            "shape": self._shape,
            "soft": _soft_state(self._soft),
            "appearance": self._appearance.state(),
            "seen": vars(self._seen),
            "areas": self._areas,
            "lost": self.lost,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> MaskTrack:
        """Return the track that ``state`` was taken of."""
        appearance = Appearance.from_state(state["appearance"])
        soft = _soft_from_state(state["soft"])
        track = cls(state["shape"], soft, appearance, LastSeen(**state["seen"]))
        track._areas, track.lost = state["areas"], state["lost"]
        return track


def _area(soft: SoftMask) -> int:
    return int((soft > 0.5).sum())


def _quantised(soft: SoftMask) -> SoftMask:
    """Return ``soft`` in steps of 1/255, so that a checkpoint of bytes is exact."""
    return np.rint(soft * 255).astype(np.float32) / np.float32(255)


def _soft_mask(shape: Shape, view: FrameView) -> SoftMask:
    """Return the shape at the working resolution, at least one pixel of it above 0.5."""
    full = shape_to_mask(shape, width=view.full_width, height=view.full_height)
    if not full.any():
        _mark_centre(full, shape, view)
    height, width = view.grey.shape
    small = cv2.resize(full.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)
    soft = np.asarray(small, np.float32)
    greatest = soft.max()
    return _quantised(soft if greatest > 0.5 else soft / greatest)


def _mark_centre(mask: BoolMask, shape: Shape, view: FrameView) -> None:
    """Mark the pixel under the middle of a shape so thin that it covers no pixel's centre.

    Raises BackendError when there is none: the shape is empty, or outside the picture.
    """
    bounds = shape_bounds(shape)
    x, y = bounds.left + bounds.width / 2, bounds.top + bounds.height / 2
    height, width = mask.shape
    if isinstance(shape, Bitmask) or not (0 <= x < width and 0 <= y < height):
        raise BackendError(
            f"A shape on frame {view.frame} covers no pixel of the picture, so nothing can be followed "
            "from it; draw it anew or remove it."
        )
    mask[int(y), int(x)] = True


def _soft_state(soft: SoftMask) -> list[Any]:
    mask = soft > 0
    region = mask_region(mask) if mask.any() else Region(0, 0, 0, 0)
    pixels = np.rint(region.cut(soft) * 255).astype(np.uint8)
    return [list(soft.shape), [region.left, region.top, region.right, region.bottom], pixels]


def _soft_from_state(state: list[Any]) -> SoftMask:
    shape, corners, pixels = state
    soft = np.zeros(shape, np.float32)
    Region(*corners).cut(soft)[...] = pixels / np.float32(255)
    return soft

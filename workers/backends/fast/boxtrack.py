"""An object followed as a box, upright or rotatable: fast, and right for rigid things."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import Box, RotatedBox
from workers.backends.base import Tracked
from workers.backends.fast.placedbox import Patch, PlacedBox, patch_likeness
from workers.backends.fast.points import box_correction, box_motion
from workers.backends.fast.track import Transition
from workers.backends.fast.view import FrameView

_LOST_BELOW = 0.1  # likeness to all patches known
_KNOWN_ABOVE = 0.45  # likeness from which the present look is worth remembering
_AGREED_ABOVE = 0.3  # and the part of the points that has to agree on the motion
_FOUND_ABOVE = 0.65  # correlation at which a lost object counts as found
_FLAT_BELOW = 2.0  # standard deviation of a patch that would be found anywhere
_REMEMBER_EVERY = 5


class BoxTrack:
    """Its points say how it moves; two patches, of the key frame and of lately, whether it is still it.

    ``lost``: frames since the object was last seen, 0 while it is.
    """

    def __init__(self, box: PlacedBox, key: Patch, *, rotatable: bool) -> None:
        self._box = box
        self._key = key
        self._recent = key
        self._rotatable = rotatable
        self._age = 0
        self.lost = 0

    @classmethod
    def from_seed(cls, shape: Box | RotatedBox, view: FrameView) -> BoxTrack:
        """Note the object from its box on ``view``."""
        box = PlacedBox.of_shape(shape)
        key = box.patch(view.fine_grey, scale=view.fine_scale)
        return cls(box, key, rotatable=isinstance(shape, RotatedBox))

    @property
    def rotation(self) -> float:
        """The box's angle where it was seen last, in degrees."""
        return self._box.rotation

    def step(self, transition: Transition) -> Tracked:
        self._age += 1
        view = transition.current
        seen = self._search(view) if self.lost else self._follow(transition)
        shape = self._box.as_shape(rotatable=self._rotatable, width=view.full_width, height=view.full_height)
        if not seen or shape is None:
            self.lost += 1
            return Tracked(shape=None, confidence=0.0)
        self.lost = 0
        # How well the points agree says nothing of whether they are still the object's: points of
        # a background that stands still agree best. The likeness to the key frame does say it.
        patch = self._box.patch(view.fine_grey, scale=view.fine_scale)
        return Tracked(shape=shape, confidence=max(0.0, patch_likeness(patch, self._key)))

    def _follow(self, transition: Transition) -> bool:
        """Move the box; False when the motion cannot be told or what it holds is another thing."""
        motion = box_motion(transition.previous, transition.current, self._box)
        if motion is None:
            return False
        box = self._box.moved(motion.similarity, turning=self._rotatable)
        view = transition.current
        if min(box.width, box.height) < 2 or max(box.width, box.height) > 2 * max(view.fine_grey.shape):
            return False
        patch = box.patch(view.fine_grey, scale=view.fine_scale)
        likeness = max(patch_likeness(patch, self._key), patch_likeness(patch, self._recent))
        if likeness < _LOST_BELOW:
            return False
        correction = box_correction(box, key=self._key, present=patch)
        if correction is not None:
            box = box.moved(correction, turning=self._rotatable)
        known = likeness > _KNOWN_ABOVE and motion.agreement > _AGREED_ABOVE
        if known and self._age % _REMEMBER_EVERY == 0:
            self._recent = patch
        self._box = box
        return True

    def _search(self, view: FrameView) -> bool:
        """Look for the lost object, near its last place first; False when it is not in sight."""
        if self._recent.std() < _FLAT_BELOW:
            return False
        matches = [match for factor in (0.85, 1.0, 1.18) if (match := self._best_match(view, factor))]
        score, box = max(matches, key=lambda match: match[0], default=(0.0, self._box))
        if score < _FOUND_ABOVE:
            return False
        self._box = box
        return True

    def _best_match(self, view: FrameView, factor: float) -> tuple[float, PlacedBox] | None:
        """Return the correlation at the likeliest place, and the box there, ``factor`` times as large."""
        scale = float(np.sqrt(view.grey.size / (view.full_width * view.full_height)))
        width, height = self._box.width * factor, self._box.height * factor
        size = round(width * scale), round(height * scale)
        if min(size) < 6 or size[0] > view.grey.shape[1] or size[1] > view.grey.shape[0]:
            return None
        # The picture is turned so that the object, if it is as it was, stands upright.
        turn = _turn_about_centre(view.grey.shape, self._box.rotation)
        turned = cv2.warpAffine(view.grey, turn, view.grey.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
        template = cv2.resize(self._recent, size, interpolation=cv2.INTER_AREA)
        scores = cv2.matchTemplate(turned, template, cv2.TM_CCOEFF_NORMED)
        last = turn[:, :2] @ np.array([self._box.x, self._box.y]) * scale + turn[:, 2]
        reach = (0.1 + 0.03 * self.lost) * float(np.hypot(*view.grey.shape))
        rows = np.arange(scores.shape[0])[:, None] + size[1] / 2 - last[1]
        columns = np.arange(scores.shape[1]) + size[0] / 2 - last[0]
        near = np.exp(-(np.square(rows) + np.square(columns)) / (2 * reach * reach))
        row, column = np.unravel_index(int(np.argmax(scores * near)), scores.shape)
        centre = np.array([column + size[0] / 2, row + size[1] / 2]) - turn[:, 2]
        x, y = turn[:, :2].T @ centre / scale
        score = min(1.0, float(scores[row, column]))
        return score, PlacedBox(float(x), float(y), width, height, self._box.rotation)

    def state(self) -> dict[str, Any]:
        return {
            "kind": "box",
            "box": vars(self._box),
            "key": self._key,
            "recent": self._recent,
            "rotatable": self._rotatable,
            "age": self._age,
            "lost": self.lost,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> BoxTrack:
        """Return the track that ``state`` was taken of."""
        track = cls(PlacedBox(**state["box"]), state["key"], rotatable=state["rotatable"])
        track._recent, track._age, track.lost = state["recent"], state["age"], state["lost"]
        return track


def _turn_about_centre(shape: tuple[int, ...], degrees: float) -> NDArray[np.float64]:
    """Return the 2 x 3 matrix that turns a picture anticlockwise about its centre."""
    return np.asarray(cv2.getRotationMatrix2D((shape[1] / 2, shape[0] / 2), degrees, 1.0), np.float64)

"""The point tracker on real pictures whose motion is known (tests/backends/warps.py).

Mean error of the vertices that are seen, in pixels; which share of the hidden ones is called lost, and of
the visible ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import BoolMask, Skeleton, Visibility
from tests.backends.warps import LENGTH, WARPS, WarpedClip
from tools.bench.lines import figure
from workers.backends.base import Seed
from workers.backends.fast.tracker import FastTracker

POINTS = 8
PICTURES = ((50, 100, 200), (120, 245, 60), (210, 40, 130))
"""Of the film: piece, background, what passes in front. No threshold was chosen on them."""


@dataclass(frozen=True)
class Measured:
    """What came of clips: of each vertex and frame its error, whether it is hidden, and called lost."""

    error: NDArray[np.float64]
    hidden: BoolMask
    lost: BoolMask

    @property
    def followed(self) -> NDArray[np.float64]:
        """The errors of the vertices that are visible and not called lost, in pixels."""
        return self.error[~self.hidden & ~self.lost]

    @property
    def hidden_called_lost(self) -> float:
        """A share; NaN where nothing was hidden."""
        return float(self.lost[self.hidden].mean()) if self.hidden.any() else float("nan")

    @property
    def visible_called_lost(self) -> float:
        return float(self.lost[~self.hidden].mean())


def measure(clip: WarpedClip, *, points: int = POINTS) -> Measured:
    """Track a skeleton of random vertices through a clip."""
    vertices = clip.points(points)
    session = FastTracker().open(clip, parameters={})
    seed = Skeleton(clip.places(vertices, 0), (Visibility.VISIBLE,) * len(vertices))
    session.seed(frame=0, seeds=[Seed(1, seed)])
    error, hidden, lost = [], [], []
    for frame in range(1, LENGTH):
        shape = session.step(frame=frame)[1].shape
        seen = shape if isinstance(shape, Skeleton) else None
        places = clip.places(vertices, frame)
        error.append(np.linalg.norm((seen.points if seen else places) - places, axis=1))
        lost.append([seen is None or one is Visibility.INVISIBLE for one in (seen or seed).visibility])
        hidden.append(clip.hidden(vertices, frame))
    return Measured(np.concatenate(error), np.concatenate(hidden), np.concatenate(lost))


def together(parts: list[Measured]) -> Measured:
    return Measured(
        np.concatenate([part.error for part in parts]),
        np.concatenate([part.hidden for part in parts]),
        np.concatenate([part.lost for part in parts]),
    )


def main() -> None:
    for occluded in (False, True):
        for name, warp in WARPS.items():
            clips = [
                WarpedClip(warp, pictures, occluded=occluded, seed=seed)
                for seed, pictures in enumerate(PICTURES)
            ]
            found = together([measure(clip) for clip in clips])
            kind = f"points_{name}" + ("_occluded" if occluded else "")
            figure(f"{kind}_error_median", float(np.median(found.followed)), "px")
            figure(f"{kind}_error_mean", float(found.followed.mean()), "px")
            figure(f"{kind}_within_3_px", float((found.followed < 3).mean()), "share")
            if occluded:
                figure(f"{kind}_hidden_called_lost", found.hidden_called_lost, "share")
            figure(f"{kind}_visible_called_lost", found.visible_called_lost, "share")


if __name__ == "__main__":
    main()

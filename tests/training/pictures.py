"""A few made-up pictures to make clips of."""

from __future__ import annotations

import numpy as np

from tests.backends.scenes import texture
from tools.training.images import Cutout, Images


def small_images() -> Images:
    scenes = [texture(480, 360, colour=(60 * n, 130, 200 - 50 * n), seed=n) for n in range(3)]
    rows, columns = np.mgrid[:80, :100]
    disc = (((columns - 50) / 45) ** 2 + ((rows - 40) / 35) ** 2 < 1).astype(np.float32)
    return Images(scenes, [Cutout(texture(100, 80, colour=(200, 80, 60), seed=9), disc)], [disc])

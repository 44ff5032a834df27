"""What a test video is, and what all of them share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FRAMES = 60
GOP = 12


@dataclass(frozen=True)
class Clip:
    """A video file. ``numbers`` are what its displayed frames show, in order; None where that is not known
    beforehand (damaged files)."""

    path: Path
    numbers: list[int] | None
    width: int = 160
    height: int = 128
    """Of the displayed picture, in pixels."""


OPEN_GOP = {"x264-params": "open-gop=1:scenecut=0:keyint=12:min-keyint=12:bframes=3:b-adapt=0"}
CLOSED = {"x264-params": "scenecut=0:keyint=12:min-keyint=12:open-gop=0"}

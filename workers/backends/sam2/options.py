"""What an installation chooses about its SAM 2."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Sam2Options:
    """Which weights run on what.

    ``config``: a configuration of the package ``sam2`` by its name there, or the path of a YAML of
    one's own; None finds it out from the weights. ``sha256``: what the file has to be; None does not
    look. ``image_size``: the square that pictures are scaled to, in pixels; None is the model's own.
    ``device`` and ``precision``: as ``workers.backends.device.choices`` has them.
    ``pass_bytes``: the most that one pass may hold, pictures, embedding and memories of objects together.
    """

    checkpoint: Path
    name: str
    config: str | None = None
    sha256: str | None = None
    device: str = "auto"
    precision: str = "auto"
    compile: bool = False
    image_size: int | None = None
    pass_bytes: int = 4 * 1024**3

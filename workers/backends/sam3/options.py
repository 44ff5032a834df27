"""What an installation chooses about its SAM 3."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Sam3Options:
    """Which folder of weights runs on what.

    ``device`` and ``precision``: as ``workers.backends.device.choices`` has them.
    """

    folder: Path
    name: str
    device: str = "auto"
    precision: str = "auto"

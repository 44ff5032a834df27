"""SAM 2 as this installation has it: what the settings say, and whether it can run here at all.

Nothing here imports PyTorch: a worker's parent asks, and the processes that it forks load the model.
"""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings

from workers.backends.clickers import clicker_add, clicker_withdraw
from workers.backends.registry import tracker_add, tracker_withdraw
from workers.backends.sam2.checkpoints import CHECKPOINTS
from workers.backends.sam2.clicks import Sam2Clicker
from workers.backends.sam2.options import Sam2Options
from workers.backends.sam2.tracker import Sam2Tracker
from workers.devices import DeviceMissingError, device_probed

logger = logging.getLogger(__name__)

NAME = "sam2"
PACKAGES = {"torch": "PyTorch", "sam2": "SAM 2", "hydra": "Hydra", "iopath": "iopath"}
ON_CPU = (
    "On a CPU a full-size SAM 2 is a demonstration: the smallest one takes about 12 seconds a frame. "
    "For work without a GPU there is the tracker “fast”."
)


def sam2_options() -> Sam2Options:
    """Return what the settings say. A known name stands for its file in the folder of models."""
    given = settings.SAM2_CHECKPOINT
    known = CHECKPOINTS.get(given)
    path = settings.MODELS_DIR / known.file_name if known else Path(given)
    return Sam2Options(
        checkpoint=path,
        name=path.stem,
        config=settings.SAM2_CONFIG or (known.config if known else None),
        sha256=settings.SAM2_SHA256 or (known.sha256 if known else None),
        device=settings.SAM2_DEVICE,
        precision=settings.SAM2_PRECISION,
        compile=settings.SAM2_COMPILE,
        image_size=settings.SAM2_IMAGE_SIZE,
        pass_bytes=settings.SAM2_PASS_BYTES,
    )


def sam2_missing() -> str:
    """Say why SAM 2 is not offered here; an empty sentence where it is."""
    given = settings.SAM2_CHECKPOINT
    if not given:
        names = ", ".join(CHECKPOINTS)
        return f"No checkpoint is named. Set LABELYARD_SAM2_CHECKPOINT to {names}, or to a path."
    gone = [title for package, title in PACKAGES.items() if find_spec(package) is None]
    if gone:
        return f"{' and '.join(gone)} cannot be imported. Install Labelyard with the extra “sam”."
    return file_trouble(sam2_options().checkpoint, given)


def file_trouble(path: Path, given: str) -> str:
    """Say what is wrong with a checkpoint's file, as far as a look from outside tells."""
    known = CHECKPOINTS.get(given)
    if not path.is_file():
        mend = f"Fetch it with “manage.py models fetch {given}”." if known else "Correct the path."
        return f"There is no checkpoint {path}. {mend}"
    size = path.stat().st_size
    if known and size != known.size_bytes:
        return (
            f"The checkpoint {path} has {size} bytes instead of {known.size_bytes}. "
            f"Fetch it anew with “manage.py models fetch {given}”."
        )
    if not zipfile.is_zipfile(path):
        return f"The checkpoint {path} is truncated, or not a file of PyTorch."
    return ""


def sam2_add() -> None:
    """Offer SAM 2 in this process where it can run, for tracking and for clicks.

    What is fetched later counts from the next start.
    """
    if not sam2_missing():
        options = sam2_options()
        tracker_add(NAME, lambda: Sam2Tracker(options))
        clicker_add(NAME, lambda: Sam2Clicker(options))


def sam2_told() -> Mapping[str, str]:
    """Return what a worker announces of its SAM 2 besides shapes: model, device, precision, a note."""
    options = sam2_options()
    probed = sam2_probed()
    device, precision = probed.get("device", options.device), probed.get("precision", options.precision)
    told = {"model": options.name, "device": device, "precision": precision}
    return told | ({"note": ON_CPU} if device == "cpu" else {})


def sam2_probe() -> None:
    """Ask what device there is, and withdraw the offer when the answer is that it cannot run."""
    options = sam2_options()
    try:
        probed = device_probed(model="SAM 2", device=options.device, precision=options.precision)
    except DeviceMissingError as error:
        logger.error("SAM 2 is not offered: %s", error)
        tracker_withdraw(NAME)
        clicker_withdraw(NAME)
    else:
        sam2_probed().update(probed)


@cache
def sam2_probed() -> dict[str, Any]:
    """What the probe found, empty before it did."""
    return {}

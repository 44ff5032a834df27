"""SAM 3 as this installation has it: what the settings say, and whether it can run here at all.

Nothing here imports PyTorch: a worker's parent asks, and the processes that it forks load the model.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings

from workers.backends.clickers import clicker_add, clicker_withdraw
from workers.backends.detectors import detector_add, detector_withdraw
from workers.backends.sam3.clicks import Sam3Clicker
from workers.backends.sam3.detector import Sam3Detector
from workers.backends.sam3.folder import answers_clicks, folder_trouble
from workers.backends.sam3.options import Sam3Options
from workers.devices import DeviceMissingError, device_probed

logger = logging.getLogger(__name__)

NAME = "sam3"
PACKAGES = {"torch": "PyTorch", "transformers": "transformers"}
LICENCE = (
    "The weights of SAM 3 are under the SAM License "
    "(https://github.com/facebookresearch/sam3/blob/main/LICENSE). They are had from their publisher, who "
    "asks to agree to it; Labelyard neither brings nor fetches them."
)
ON_CPU = (
    "On a CPU a full-size SAM 3 is a demonstration: it takes about 70 seconds a picture. "
    "For work without a GPU there is the detector “similar”."
)


def sam3_options() -> Sam3Options:
    """Return what the settings say."""
    folder = Path(settings.SAM3_MODEL)
    return Sam3Options(
        folder=folder, name=folder.name, device=settings.SAM3_DEVICE, precision=settings.SAM3_PRECISION
    )


def sam3_missing() -> str:
    """Say why SAM 3 is not offered here; an empty sentence where it is."""
    if not settings.SAM3_MODEL:
        return "No folder is named. Set LABELYARD_SAM3_MODEL to the one that SAM 3 was downloaded to."
    gone = [title for package, title in PACKAGES.items() if find_spec(package) is None]
    if gone:
        return f"{' and '.join(gone)} cannot be imported. Install Labelyard with the extra “sam”."
    return folder_trouble(sam3_options().folder)


def sam3_add() -> None:
    """Offer SAM 3 in this process where it can run, for words, and for clicks where the folder has them."""
    if sam3_missing():
        return
    options = sam3_options()
    detector_add(NAME, lambda: Sam3Detector(options))
    if answers_clicks(options.folder):
        clicker_add(NAME, lambda: Sam3Clicker(options))


def sam3_told() -> Mapping[str, str]:
    """Return what a worker announces of its SAM 3: model, device, precision, a note."""
    options = sam3_options()
    probed = sam3_probed()
    device, precision = probed.get("device", options.device), probed.get("precision", options.precision)
    told = {"model": options.name, "device": device, "precision": precision}
    return told | ({"note": ON_CPU} if device == "cpu" else {})


def sam3_probe() -> None:
    """Ask what device there is, and withdraw the offer when the answer is that it cannot run."""
    options = sam3_options()
    try:
        probed = device_probed(model="SAM 3", device=options.device, precision=options.precision)
    except DeviceMissingError as error:
        logger.error("SAM 3 is not offered: %s", error)
        detector_withdraw(NAME)
        clicker_withdraw(NAME)
    else:
        sam3_probed().update(probed)


@cache
def sam3_probed() -> dict[str, Any]:
    """What the probe found, empty before it did."""
    return {}

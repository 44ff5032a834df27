"""What tests of backends share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.backends.sam2_micro import micro_files, micro_options, need_sam2, stock_predictor
from tests.backends.sam2_stock import Film, film
from tests.backends.sam3_micro import Depth, need_sam3
from tests.backends.sam3_micro import micro_folder as sam3_written
from workers.backends.sam2.tracker import Sam2Tracker


@pytest.fixture(scope="session")
def micro_folder(scratch: Path) -> Path:
    """A folder with the micro model's checkpoint and configuration."""
    need_sam2()
    folder = scratch / "micro"
    folder.mkdir(exist_ok=True)
    micro_files(folder)
    return folder


@pytest.fixture(scope="session")
def micro(micro_folder: Path) -> Sam2Tracker:
    """The tracker on the micro model."""
    return Sam2Tracker(micro_options(micro_folder))


@pytest.fixture(scope="session")
def stock(micro_folder: Path) -> Any:
    """The publisher's predictor with the same weights."""
    return stock_predictor(micro_folder / "micro.pt")


@pytest.fixture(scope="session")
def short_film(scratch: Path, micro_folder: Path) -> Film:
    """Forty pictures: more than twice as many as SAM 2 looks back over."""
    return film(scratch / "film", length=40)


@pytest.fixture(scope="session")
def sam3_folder(scratch: Path) -> Path:
    """A folder with the micro SAM 3."""
    need_sam3()
    return sam3_written(scratch / "micro3", Depth())

"""Trackers are found by name: built in, or from installed packages."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from workers.backends import registry
from workers.backends.base import BackendError


@pytest.fixture(autouse=True)
def _fresh_registry() -> Iterator[None]:
    registry.TRACKERS.reset()
    yield
    registry.TRACKERS.reset()


@pytest.fixture
def installed_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package on the path that offers ``slow``, and ``broken`` whose module is missing."""
    (tmp_path / "slow_tracker.py").write_text(
        "class Slow:\n    name = 'slow'\n    version = 'slow 1'\n", encoding="utf-8"
    )
    metadata = tmp_path / "slow_tracker-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Name: slow-tracker\nVersion: 1.0\n", encoding="utf-8")
    entries = "[labelyard.backends]\nslow = slow_tracker:Slow\nbroken = no_such_module:Tracker\n"
    (metadata / "entry_points.txt").write_text(entries, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))


def test_a_built_in_tracker_is_loaded_once() -> None:
    tracker = registry.tracker_get("scripted")
    assert tracker.name == "scripted"
    assert registry.tracker_get("scripted") is tracker


def test_after_a_reset_a_tracker_is_loaded_anew() -> None:
    tracker = registry.tracker_get("scripted")
    registry.TRACKERS.reset()
    assert registry.tracker_get("scripted") is not tracker


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(BackendError, match=r"There is no tracker 'warp' here; there are .*scripted"):
        registry.tracker_get("warp")


@pytest.mark.usefixtures("installed_package")
def test_an_installed_package_adds_a_tracker() -> None:
    assert "slow_tracker" not in sys.modules
    assert "slow" in registry.tracker_names()
    assert "slow_tracker" not in sys.modules
    assert registry.tracker_get("slow").version == "slow 1"


@pytest.mark.usefixtures("installed_package")
def test_a_tracker_that_cannot_be_loaded_is_named() -> None:
    with pytest.raises(BackendError, match="'broken' is installed but cannot be loaded"):
        registry.tracker_get("broken")

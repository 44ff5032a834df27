"""The detectors by name: the built-in ones, those that are added, and those of installed packages.

A package adds some by entry points of the group ``labelyard.detectors``; each names a callable without
arguments (a class, say) that returns a ``Detector``. A built-in name cannot be replaced.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from workers.backends.base import BackendError
from workers.backends.detecting import Detector

ENTRY_POINT_GROUP = "labelyard.detectors"


def detector_names() -> list[str]:
    """Return the names of all detectors of this installation, sorted. Nothing is loaded."""
    return sorted({*_BUILT_IN, *_added, *_installed()})


def detector_add(name: str, build: Callable[[], Detector]) -> None:
    """Offer a detector that ``build`` makes on first use, in this process and those it forks."""
    _added[name] = build
    detector_get.cache_clear()


@cache
def detector_get(name: str) -> Detector:
    """Return the detector ``name``, loaded on first use and kept for the process.

    Raises BackendError for an unknown name, or when an installed one cannot be loaded.
    """
    build = _BUILT_IN.get(name) or _added.get(name)
    if build is not None:
        return build()
    entry = _installed().get(name)
    if entry is None:
        raise BackendError(f"There is no detector {name!r} here; there are {', '.join(detector_names())}.")
    try:
        return cast("Callable[[], Detector]", entry.load())()
    except (ImportError, AttributeError) as error:
        raise BackendError(f"The detector {name!r} is installed but cannot be loaded: {error}.") from error


@cache
def _installed() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=ENTRY_POINT_GROUP)}


_BUILT_IN: dict[str, Callable[[], Detector]] = {}
_added: dict[str, Callable[[], Detector]] = {}

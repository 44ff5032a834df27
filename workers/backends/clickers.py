"""The segmenters of clicks by name: the built-in ones, those that are added, and those of installed packages.

A package adds some by entry points of the group ``labelyard.clickers``; each names a callable without
arguments (a class, say) that returns a ``Clicker``. A built-in name cannot be replaced.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from workers.backends.base import BackendError
from workers.backends.clicking import Clicker

ENTRY_POINT_GROUP = "labelyard.clickers"


def clicker_names() -> list[str]:
    """Return the names of all segmenters of this installation, sorted. Nothing is loaded."""
    return sorted({*_BUILT_IN, *_added, *_installed()})


def clicker_add(name: str, build: Callable[[], Clicker]) -> None:
    """Offer a segmenter that ``build`` makes on first use, in this process."""
    _added[name] = build
    clicker_get.cache_clear()


@cache
def clicker_get(name: str) -> Clicker:
    """Return the segmenter ``name``, loaded on first use and kept for the process.

    Raises BackendError for an unknown name, or when an installed one cannot be loaded.
    """
    build = _BUILT_IN.get(name) or _added.get(name)
    if build is not None:
        return build()
    entry = _installed().get(name)
    if entry is None:
        raise BackendError(f"There is no segmenter {name!r} here; there are {', '.join(clicker_names())}.")
    try:
        return cast("Callable[[], Clicker]", entry.load())()
    except (ImportError, AttributeError) as error:
        raise BackendError(f"The segmenter {name!r} is installed but cannot be loaded: {error}.") from error


@cache
def _installed() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=ENTRY_POINT_GROUP)}


def _classical() -> Clicker:
    from workers.backends.classical.clicker import ClassicalClicker

    return ClassicalClicker()


def _scripted() -> Clicker:
    from workers.backends.scripted_clicks import ScriptedClicker

    return ScriptedClicker()


_BUILT_IN: dict[str, Callable[[], Clicker]] = {"classical": _classical, "scripted": _scripted}
_added: dict[str, Callable[[], Clicker]] = {}

"""The trackers by name: the built-in ones, those that need settings, and those of installed packages.

A package adds trackers by entry points of the group ``labelyard.backends``; each names a callable
without arguments (a class, say) that returns a ``Tracker``. A built-in name cannot be replaced.
Backends read no settings: who knows them adds the trackers that need some (``tracker_add``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from workers.backends.base import BackendError, Tracker

ENTRY_POINT_GROUP = "labelyard.backends"


def tracker_names() -> list[str]:
    """Return the names of all trackers of this installation, sorted. Nothing is loaded."""
    return sorted({*_BUILT_IN, *_added, *_installed()})


def tracker_add(name: str, build: Callable[[], Tracker]) -> None:
    """Offer a tracker that ``build`` makes on first use, in this process and those it forks."""
    _added[name] = build
    tracker_get.cache_clear()


def tracker_withdraw(name: str) -> None:
    """Offer no longer what was added as ``name``."""
    _added.pop(name, None)
    tracker_get.cache_clear()


@cache
def tracker_get(name: str) -> Tracker:
    """Return the tracker ``name``, loaded on first use and kept for the process.

    Raises BackendError for an unknown name, or when an installed tracker cannot be loaded.
    """
    build = _BUILT_IN.get(name) or _added.get(name)
    if build is not None:
        return build()
    entry = _installed().get(name)
    if entry is None:
        raise BackendError(f"There is no tracker {name!r} here; there are {', '.join(tracker_names())}.")
    try:
        return cast("Callable[[], Tracker]", entry.load())()
    except (ImportError, AttributeError) as error:
        raise BackendError(f"The tracker {name!r} is installed but cannot be loaded: {error}.") from error


def reset() -> None:
    """Forget the trackers that were loaded, and look for installed ones anew."""
    tracker_get.cache_clear()
    _installed.cache_clear()


@cache
def _installed() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=ENTRY_POINT_GROUP)}


def _scripted() -> Tracker:
    from workers.backends.scripted import ScriptedTracker

    return ScriptedTracker()


def _fast() -> Tracker:
    from workers.backends.fast.tracker import FastTracker

    return FastTracker()


_BUILT_IN: dict[str, Callable[[], Tracker]] = {"fast": _fast, "scripted": _scripted}
_added: dict[str, Callable[[], Tracker]] = {}

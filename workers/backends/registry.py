"""The trackers by name. Packages add some by entry points of the group ``labelyard.backends``."""

from __future__ import annotations

from workers.backends.base import Tracker
from workers.backends.catalogue import Catalogue


def _scripted() -> Tracker:
    from workers.backends.scripted import ScriptedTracker

    return ScriptedTracker()


def _fast() -> Tracker:
    from workers.backends.fast.tracker import FastTracker

    return FastTracker()


TRACKERS: Catalogue[Tracker] = Catalogue(
    noun="tracker", group="labelyard.backends", built_in={"fast": _fast, "scripted": _scripted}
)
tracker_names = TRACKERS.names
tracker_add = TRACKERS.add
tracker_withdraw = TRACKERS.withdraw
tracker_get = TRACKERS.get

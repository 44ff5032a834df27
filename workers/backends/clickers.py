"""The segmenters of clicks by name. Packages add some by entry points of the group ``labelyard.clickers``."""

from __future__ import annotations

from workers.backends.catalogue import Catalogue
from workers.backends.clicking import Clicker


def _classical() -> Clicker:
    from workers.backends.classical.clicker import ClassicalClicker

    return ClassicalClicker()


def _scripted() -> Clicker:
    from workers.backends.scripted_clicks import ScriptedClicker

    return ScriptedClicker()


CLICKERS: Catalogue[Clicker] = Catalogue(
    noun="segmenter",
    group="labelyard.clickers",
    built_in={"classical": _classical, "scripted": _scripted},
)
clicker_names = CLICKERS.names
clicker_add = CLICKERS.add
clicker_withdraw = CLICKERS.withdraw
clicker_get = CLICKERS.get

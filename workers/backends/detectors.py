"""The detectors by name. Packages add some by entry points of the group ``labelyard.detectors``."""

from __future__ import annotations

from workers.backends.catalogue import Catalogue
from workers.backends.detecting import Detector


def _similar() -> Detector:
    from workers.backends.similar.detector import SimilarDetector

    return SimilarDetector()


def _scripted() -> Detector:
    from workers.backends.scripted_detector import ScriptedDetector

    return ScriptedDetector()


DETECTORS: Catalogue[Detector] = Catalogue(
    noun="detector", group="labelyard.detectors", built_in={"scripted": _scripted, "similar": _similar}
)
detector_names = DETECTORS.names
detector_add = DETECTORS.add
detector_withdraw = DETECTORS.withdraw
detector_get = DETECTORS.get

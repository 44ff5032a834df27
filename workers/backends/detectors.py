"""The detectors by name. Packages add some by entry points of the group ``labelyard.detectors``."""

from __future__ import annotations

from workers.backends.catalogue import Catalogue
from workers.backends.detecting import Detector

DETECTORS: Catalogue[Detector] = Catalogue(noun="detector", group="labelyard.detectors", built_in={})
detector_names = DETECTORS.names
detector_add = DETECTORS.add
detector_withdraw = DETECTORS.withdraw
detector_get = DETECTORS.get

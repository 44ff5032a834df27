"""Which detectors there are, and which one an order means: what ships with us, and what workers offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from labeling.errors import LabelyardError, refused
from labeling.geometry.masks import AREA_KINDS
from labeling.models import Capability, Worker
from labeling.offers import Reads, rank
from labeling.selectors.workers import detecting_algorithm
from labeling.services.algorithms import Algorithm


@dataclass(frozen=True)
class DetectorOffer:
    """A detector as an order names it. ``note``: as that of trackers."""

    name: str
    capability: Capability
    reads: frozenset[Reads]
    note: str = ""

    @property
    def algorithm(self) -> Algorithm:
        """What its parts ask of a worker."""
        return Algorithm(detecting_algorithm(self.name), self.capability, AREA_KINDS, note=self.note)


SIMILAR = DetectorOffer("similar", Capability.CPU, frozenset({Reads.EXAMPLES}))
SCRIPTED = DetectorOffer("scripted", Capability.CPU, frozenset({Reads.WORDS, Reads.EXAMPLES}))


def detectors_known() -> dict[str, DetectorOffer]:
    """Return every detector that may be ordered, be its worker there now or not, the preferred first.

    The scripted one is the last, where the operator wants demonstrations.
    """
    known = {SIMILAR.name: SIMILAR} | detectors_offered()
    known.pop(SCRIPTED.name, None)
    if settings.SCRIPTED_BACKEND:
        known[SCRIPTED.name] = SCRIPTED
    return {name: known[name] for name in sorted(known, key=rank)}


def detectors_offered() -> dict[str, DetectorOffer]:
    """Return what workers have ever offered, each detector as it was told last."""
    offers: dict[str, DetectorOffer] = {}
    for told in Worker.objects.order_by("seen_at").values_list("detectors", flat=True):
        offers |= {name: offer_read(name, one) for name, one in told.items()}
    return offers


def offer_read(name: str, told: Mapping[str, Any]) -> DetectorOffer:
    capability = Capability(told["capability"])
    reads = frozenset(one for one in Reads if one in told["reads"])
    return DetectorOffer(name, capability, reads, note=told.get("note", ""))


def detector_for(
    *, name: str | None, words: str = "", examples: str = "", all_shown: bool = False
) -> DetectorOffer:
    """Return the detector ``name``, or the best that was ever offered and reads what there is to read.

    ``words`` is a class that is described by words, ``examples`` one that is by examples alone, empty where
    there is none. One that reads words alone may do for both, since a class has a name; and one that reads
    examples alone where every class has some (``all_shown``), if need be and it is named those of the frames
    that it searches. Raises ``unknown_detector``, ``words_not_understood`` (422).
    """
    known = detectors_known()
    if name is not None and name not in known:
        raise refused(
            "unknown_detector",
            f"No worker has ever offered the detector “{name}”. Use {said(list(known))}, or start a worker "
            "that has it.",
            detector=name,
        )
    ranked = [known[name]] if name is not None else [one for one in known.values() if one != SCRIPTED]
    shown = [{Reads.EXAMPLES}] if name is None else [{Reads.EXAMPLES}, {Reads.EXAMPLES_HERE}]
    needed = {reads for reads, there in ((Reads.WORDS, words), (Reads.EXAMPLES, examples)) if there}
    for reads in (needed, {Reads.WORDS}, *(shown if all_shown else [])):
        for one in ranked:
            if reads <= one.reads:
                return one
    raise words_refused(words or examples, name=name)


def words_refused(class_name: str, *, name: str | None) -> LabelyardError:
    who = f"“{name}” does not understand words" if name else "No worker has ever offered to understand words"
    return refused(
        "words_not_understood",
        f"{who}. Give one to three examples of “{class_name}” (labels of instances on frames): the detector "
        f"“{SIMILAR.name}” finds what looks like them.",
    )


def said(names: list[str]) -> str:
    return " or ".join(f"“{name}”" for name in names)

"""Which algorithms there are, and what each can do: what ships with Labelyard, and what workers offer."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from labeling.errors import refused
from labeling.geometry.shapes import ShapeKind
from labeling.models import Capability, Worker


@dataclass(frozen=True)
class Algorithm:
    """A tracking algorithm as an order names it. ``note``: what people should know before they order it."""

    name: str
    capability: Capability
    shapes: frozenset[ShapeKind]
    note: str = ""


FAST = Algorithm("fast", Capability.CPU, frozenset(ShapeKind))
SCRIPTED = Algorithm("scripted", Capability.CPU, frozenset(ShapeKind))
INTERPOLATION = Algorithm("interpolation", Capability.CPU, frozenset(ShapeKind))
"""What parts of interpolating jobs name; every worker of the queue has it. It tracks nothing."""

ADVANCED = "sam2"
"""What *Advanced tracking* means: SAM 2 when it is on, the fast tracker when it is off."""

NO_ADVANCED = (
    "Advanced tracking needs SAM 2, and no worker has ever offered it. Install its extra and a checkpoint "
    "on a worker, or track with the fast tracker (advanced off)."
)


def tracker_name(*, algorithm: str | None, advanced: bool | None) -> str:
    """Return the algorithm that an order means: the one it names, or SAM 2 or the fast one by ``advanced``.

    With neither it is the fast one. Raises ``algorithm_said_twice`` (422) when both are given.
    """
    if advanced is None:
        return algorithm or FAST.name
    if algorithm is not None:
        raise refused(
            "algorithm_said_twice",
            "Say either which algorithm tracks, or whether advanced tracking is on; not both.",
        )
    return ADVANCED if advanced else FAST.name


def advanced_barrier() -> str:
    """Return why advanced tracking cannot be ordered, empty when it can, be its worker away or not."""
    return "" if offer_of(ADVANCED) else NO_ADVANCED


def shapes_tracked() -> dict[str, list[ShapeKind]]:
    """Return the shapes that each tracker takes: the fast one, and SAM 2 where it was offered."""
    offers = [FAST, offer_of(ADVANCED)]
    return {one.name: [kind for kind in ShapeKind if kind in one.shapes] for one in offers if one}


def algorithm_get(name: str) -> Algorithm:
    """Return the tracking algorithm ``name``.

    Raises ``unknown_algorithm`` (422) when it does not ship with Labelyard
    and no worker has ever offered it. Whether a worker is there now is another question: the job waits.
    """
    if name == FAST.name:
        return FAST
    if name == SCRIPTED.name and settings.SCRIPTED_BACKEND:
        return SCRIPTED
    offered = offer_of(name) if name != INTERPOLATION.name else None
    if offered:
        return offered
    if name == ADVANCED:
        raise refused("unknown_algorithm", NO_ADVANCED, algorithm=name)
    raise refused(
        "unknown_algorithm",
        f"No worker has ever offered the algorithm “{name}”. Use “fast”, or start a worker that has it.",
        algorithm=name,
    )


def offer_of(name: str) -> Algorithm | None:
    """Return the algorithm as a worker offered it last, rather one without a note; None if none ever has."""
    rows = Worker.objects.order_by("-seen_at").values_list("algorithms", flat=True)
    offers = [algorithms[name] for algorithms in rows if name in algorithms]
    if not offers:
        return None
    told = next((offer for offer in offers if not offer.get("note")), offers[0])
    shapes = frozenset(ShapeKind(shape) for shape in told["shapes"])
    return Algorithm(name, Capability(told["capability"]), shapes, note=told.get("note", ""))

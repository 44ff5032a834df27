"""Which algorithms there are, and what each can do: what ships with Labelyard, and what workers offer."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from labeling.errors import refused
from labeling.geometry.shapes import ShapeKind
from labeling.models import Capability, Worker

AREA_SHAPES = frozenset(
    {ShapeKind.BOUNDING_BOX, ShapeKind.ROTATABLE_BOUNDING_BOX, ShapeKind.POLYGON, ShapeKind.BITMASK}
)


@dataclass(frozen=True)
class Algorithm:
    """A tracking algorithm as an order names it."""

    name: str
    capability: Capability
    shapes: frozenset[ShapeKind]


FAST = Algorithm("fast", Capability.CPU, AREA_SHAPES)
SCRIPTED = Algorithm("scripted", Capability.CPU, frozenset(ShapeKind))


def algorithm_get(name: str) -> Algorithm:
    """Return the algorithm ``name``.

    Raises ``unknown_algorithm`` (422) when it does not ship with Labelyard and no worker has ever
    offered it. Whether a worker is there now is another question: the job waits for it.
    """
    if name == FAST.name:
        return FAST
    if name == SCRIPTED.name and settings.SCRIPTED_BACKEND:
        return SCRIPTED
    for offer in Worker.objects.order_by("-seen_at").values_list("algorithms", flat=True):
        if name in offer:
            told = offer[name]
            return Algorithm(
                name, Capability(told["capability"]), frozenset(ShapeKind(shape) for shape in told["shapes"])
            )
    raise refused(
        "unknown_algorithm",
        f"No worker has ever offered the algorithm “{name}”. Use “fast”, or start a worker that has it.",
        algorithm=name,
    )

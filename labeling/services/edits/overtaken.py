"""Edits that were made one upon the other, and come together: each has seen what those before it did."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from labeling.models import Label, Task

Place = tuple[str, int | None]
"""An instance by its hash, and a frame; None: all of the instance."""


def unasked(operation: Mapping[str, Any], overtaken: Collection[Place]) -> Mapping[str, Any]:
    """Return the operation without its version where that was seen before an edit that came with it."""
    if "version" not in operation:
        return operation
    instance = operation["instance"]
    if (instance, operation.get("frame")) not in overtaken and (instance, None) not in overtaken:
        return operation
    return {name: value for name, value in operation.items() if name != "version"}


def places_of(operation: Mapping[str, Any]) -> Iterator[Place]:
    """Yield what the operation may change the versions of."""
    instance = operation.get("instance")
    if instance is None:
        return
    if operation["op"].startswith("label."):
        yield instance, operation["frame"]
        return
    yield instance, None
    for other in (*operation.get("others", ()), *((operation["into"],) if "into" in operation else ())):
        yield other, None


def places_left(places: Collection[Place], *, task: Task, seq: int) -> set[Place]:
    """Return those of the places whose label stands as the change ``seq`` left it."""
    hashes = {instance for instance, _ in places}
    written = Label.objects.filter(task=task, instance__object_hash__in=hashes, seq=seq)
    stands = set(written.values_list("instance__object_hash", "frame"))
    return {place for place in places if place in stands}

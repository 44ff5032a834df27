"""What a batch that is run again has changed against the one it was run from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from labeling.models import Batch


def differences(*, batch: Batch) -> list[dict[str, Any]]:
    """Return what the two specifications do not share, by dotted name; empty without a parent."""
    if batch.parent is None:
        return []
    return specification_differences(batch.parent.specification, batch.specification)


def specification_differences(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``differences`` of two specifications as they are stored."""
    before, now = flat(plain(earlier)), flat(plain(later))
    names = sorted(before.keys() | now.keys())
    return [
        {"name": name, "before": before.get(name), "now": now.get(name)}
        for name in names
        if before.get(name) != now.get(name)
    ]


def plain(told: Mapping[str, Any]) -> Any:
    """As JSON has it: tuples are lists, words are words."""
    return json.loads(json.dumps(told, default=str))


def flat(told: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested names joined by dots; the order's own stand without a prefix, as people know them."""
    found: dict[str, Any] = {}
    for name, value in told.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            found |= flat(value, "" if name == "order" else f"{path}.")
        else:
            found[path] = value
    return found

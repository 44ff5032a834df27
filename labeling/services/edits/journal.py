"""What an edit, an undo or a redo did: each place that it touched, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from labeling.label_rows import LabelRow
from labeling.services.edits.pieces import Piece

T = TypeVar("T")

LabelKey = tuple[int, int]
"""Instance id and frame."""

InstanceState = dict[str, Any]
"""What an instance is apart from its labels, as JSON (``instance_states``)."""

RangeKey = tuple[str, int, int]
"""A noun (``answers``, ``classifications``, ``decisions``), ids of instance and definition, 0 for none."""


@dataclass(slots=True)
class Turned(Generic[T]):
    """A place before and after; None is nothing there."""

    before: T
    after: T

    def turned_back(self) -> Turned[T]:
        """The same, the other way round."""
        return Turned(self.after, self.before)


@dataclass
class Journal:
    """The places that were touched. The first ``before`` of a place holds, and its last ``after``.

    ``gave_way``: labels that left out what other bitmasks cover, and have to when they come again.
    """

    labels: dict[LabelKey, Turned[LabelRow | None]] = field(default_factory=dict)
    instances: dict[int, Turned[InstanceState | None]] = field(default_factory=dict)
    ranges: dict[RangeKey, Turned[list[Piece]]] = field(default_factory=dict)
    gave_way: set[LabelKey] = field(default_factory=set)

    def label(self, key: LabelKey, before: LabelRow | None, after: LabelRow | None) -> None:
        known = self.labels.get(key)
        if known is None:
            self.labels[key] = Turned(before, after)
        else:
            known.after = after

    def instance(self, pk: int, before: InstanceState | None, after: InstanceState | None) -> None:
        known = self.instances.get(pk)
        if known is None:
            self.instances[pk] = Turned(before, after)
        else:
            known.after = after

    def range(self, key: RangeKey, before: list[Piece], after: list[Piece]) -> None:
        known = self.ranges.get(key)
        if known is None:
            self.ranges[key] = Turned(before, after)
        else:
            known.after = after

    def turned_back(self) -> Journal:
        """What undoing would do, if nobody came between."""
        return Journal(
            {key: turned.turned_back() for key, turned in self.labels.items()},
            {key: turned.turned_back() for key, turned in self.instances.items()},
            {key: turned.turned_back() for key, turned in self.ranges.items()},
            self.gave_way,
        )

    def of_noun(self, noun: str) -> Iterator[tuple[RangeKey, Turned[list[Piece]]]]:
        return ((key, turned) for key, turned in self.ranges.items() if key[0] == noun)


def same_label(one: LabelRow | None, other: LabelRow | None) -> bool:
    """Say whether two labels are the same in all but their versions."""
    if one is None or other is None:
        return one is other
    return replace(one, version=0) == replace(other, version=0)

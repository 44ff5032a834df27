"""Labels: read as arrays, drawn, marked absent, imported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from labeling.geometry.shapes import BoolMask, Shape
from labeling.geometry.wire_out import shape_to_json
from labelyard.connection import Connection, given
from labelyard.shapes import Numbers, shape_bounds, shape_mask, shape_of
from labelyard.table import LabelTable
from labelyard.tasks import Task

WINDOW_FRAMES = 512
IMPORT_ROWS = 5000


@dataclass(frozen=True, kw_only=True)
class Label:
    """The shape of one object on one frame. ``shape`` is as the API has it, None for absent."""

    instance: int
    frame: int
    shape: dict[str, Any] | None
    provenance: str
    confidence: float
    protected: bool
    version: int
    seq: int
    z_order: int
    occluded: bool
    job: int | None
    author: int | None
    review: str

    @property
    def absent(self) -> bool:
        """A person said that the object is not on this frame."""
        return self.shape is None

    @property
    def geometry(self) -> Shape | None:
        """The shape, with its points as arrays; None where the object is absent."""
        return None if self.shape is None else shape_of(self.shape)

    @property
    def bounds(self) -> Numbers:
        """Left, top, width, height of the upright box around the shape; NaN where it is absent."""
        return shape_bounds(self.geometry)

    def mask(self, *, width: int, height: int) -> BoolMask | None:
        """The pixels of the shape in a frame of this size, ``(height, width)``; None where it is absent."""
        shape = self.geometry
        return None if shape is None else shape_mask(shape, width=width, height=height)


@dataclass(frozen=True, kw_only=True)
class ImportRow:
    """A label to import, of an ``instance`` or of a new one of ``object_class`` that you call ``ref``."""

    frame: int
    shape: Shape
    instance: int | None = None
    object_class: int | None = None
    ref: str | None = None
    confidence: float = 1.0

    def to_json(self) -> dict[str, object]:
        """The row as the API takes it."""
        told = given(instance=self.instance, object_class=self.object_class, ref=self.ref)
        shape = shape_to_json(self.shape)
        return {**told, "frame": self.frame, "shape": shape, "confidence": self.confidence}


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import came to; ``skipped`` labels were protected or accepted. ``instances``: ref to id."""

    written: int = 0
    skipped: int = 0
    instances: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Window:
    labels: list[Label]
    seq: int


class Labels:
    """``client.labels``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(
        self, task: int | Task, *, first_frame: int | None = None, last_frame: int | None = None
    ) -> LabelTable:
        """Return the labels of a range of frames (inclusive), of the whole task unless told."""
        windows = list(self.windows(task, first_frame=first_frame, last_frame=last_frame))
        return LabelTable([label for window in windows for label in window])

    def windows(
        self, task: int | Task, *, first_frame: int | None = None, last_frame: int | None = None
    ) -> Iterator[LabelTable]:
        """Yield the labels 512 frames at a time: for tasks that are too long to be read at once."""
        found = task if isinstance(task, Task) else self._connection.read(Task, f"tasks/{task}/")
        last = found.last_frame if last_frame is None else last_frame
        for first in range(
            found.first_frame if first_frame is None else first_frame, last + 1, WINDOW_FRAMES
        ):
            query = {"first": first, "last": min(first + WINDOW_FRAMES - 1, last)}
            window = self._connection.read(_Window, f"tasks/{found.id}/labels/", query=query)
            yield LabelTable(window.labels)

    def put(
        self,
        instance: int,
        frame: int,
        shape: Shape,
        *,
        version: int | None = None,
        occluded: bool | None = None,
        z_order: int | None = None,
    ) -> Label:
        """Draw or edit a label; it is protected from then on.

        ``version`` is the one that you saw, 0 for none: ``stale_version`` is raised when it is another now.
        """
        body = {"shape": shape_to_json(shape), **given(occluded=occluded, z_order=z_order)}
        return self._connection.put(Label, place(instance, frame), body, headers=seen(version))

    def absent(self, instance: int, frame: int, *, version: int | None = None) -> None:
        """Say that the object is not on this frame."""
        self._connection.send("DELETE", place(instance, frame), headers=seen(version))

    def remove(self, instance: int, frame: int, *, version: int | None = None) -> None:
        """Remove the label, and leave no mark."""
        self._connection.send("DELETE", place(instance, frame), query={"mark": False}, headers=seen(version))

    def load(self, task: int, rows: Iterable[ImportRow]) -> Imported:
        """Import labels, 5,000 at a time, each 5,000 all or nothing. Refs hold over all of them."""
        refs: dict[str, int] = {}
        written = skipped = 0
        remaining = iter(rows)
        while some := list(islice(remaining, IMPORT_ROWS)):
            body = {"labels": [self._with_known(row, refs).to_json() for row in some]}
            done = self._connection.post(Imported, f"tasks/{task}/labels/", body)
            written, skipped = written + done.written, skipped + done.skipped
            refs.update(done.instances)
        return Imported(written=written, skipped=skipped, instances=refs)

    @staticmethod
    def _with_known(row: ImportRow, refs: Mapping[str, int]) -> ImportRow:
        """Name the object that an earlier request has made for the row's ref."""
        if row.ref is None or row.ref not in refs:
            return row
        return ImportRow(frame=row.frame, shape=row.shape, instance=refs[row.ref], confidence=row.confidence)


def place(instance: int, frame: int) -> str:
    return f"instances/{instance}/labels/{frame}/"


def seen(version: int | None) -> dict[str, str]:
    return {} if version is None else {"If-Match": f'"{version}"'}

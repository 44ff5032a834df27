"""The one place where SQL writes labels: an upsert that knows protection.

Django's ``bulk_create`` cannot say ``ON CONFLICT … DO UPDATE … WHERE``; PostgreSQL and SQLite both can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from labeling.models import Label
from labeling.statements import Row

# Rows a statement: far below SQLite's 32,766 parameters.
BATCH_ROWS = 500

COLUMNS = (
    "task_id", "instance_id", "frame", "geometry", "provenance", "confidence", "protected", "version",
    "seq", "z_order", "occluded", "job_id", "author_id", "updated_at",
)  # fmt: skip
TABLE = Label._meta.db_table
UPDATED = ", ".join(
    f"{column} = excluded.{column}"
    for column in COLUMNS
    if column not in ("task_id", "instance_id", "frame", "version")
)


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A label as it is to be stored; ``geometry`` None is an absent mark."""

    instance_id: int
    frame: int
    geometry: bytes | None
    provenance: int
    confidence: float = 1.0
    protected: bool = False
    z_order: int = 0
    occluded: bool = False
    job_id: int | None = None
    author_id: int | None = None


def label_row(row: Row) -> LabelRow:
    """The label in a database row of the columns that ``LabelRow`` names, in its order."""
    instance_id, frame, geometry, provenance, confidence, protected, z_order, occluded, *whose = row
    shape = None if geometry is None else bytes(geometry)
    return LabelRow(
        instance_id, frame, shape, provenance, confidence, bool(protected), z_order, bool(occluded), *whose
    )


def labels_upsert(
    *, task_id: int, seq: int, rows: Sequence[LabelRow], over_protected: bool = False
) -> set[tuple[int, int]]:
    """Write ``rows`` and return the (instance, frame) of those that were written.

    A row that is protected stays as it is unless ``over_protected`` (a person's own hand). Versions
    grow by one. To be called with the task's lock held (``task_take_seq``).
    """
    written: set[tuple[int, int]] = set()
    for start in range(0, len(rows), BATCH_ROWS):
        batch = rows[start : start + BATCH_ROWS]
        written.update(upsert_batch(task_id, seq, batch, over_protected=over_protected))
    return written


def upsert_batch(
    task_id: int, seq: int, rows: Sequence[LabelRow], *, over_protected: bool
) -> list[tuple[int, int]]:
    now = str(connection.ops.adapt_datetimefield_value(timezone.now()))
    values: list[str | bytes | int | float | bool | None] = []
    for row in rows:
        values += (
            task_id, row.instance_id, row.frame, row.geometry, row.provenance, row.confidence, row.protected,
            1, seq, row.z_order, row.occluded, row.job_id, row.author_id, now,
        )  # fmt: skip
    places = ", ".join([f"({', '.join(['%s'] * len(COLUMNS))})"] * len(rows))
    guard = "" if over_protected else f" WHERE NOT {TABLE}.protected"
    # Only names of ours stand in the text; every value is a parameter.
    statement = (
        f"INSERT INTO {TABLE} ({', '.join(COLUMNS)}) VALUES {places} "  # noqa: S608
        f"ON CONFLICT (instance_id, frame) DO UPDATE SET {UPDATED}, version = {TABLE}.version + 1{guard} "
        "RETURNING instance_id, frame"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [(int(instance), int(frame)) for instance, frame in cursor.fetchall()]

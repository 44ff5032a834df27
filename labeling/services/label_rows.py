"""The one place where SQL writes labels: an upsert that knows protection.

Django's ``bulk_create`` cannot say ``ON CONFLICT … DO UPDATE … WHERE``; PostgreSQL and SQLite both can.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection
from django.utils import timezone

from labeling.label_rows import LabelRow, label_row
from labeling.models import Label
from labeling.statements import rows_of

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
VERSION = (
    f"version = CASE WHEN excluded.version > {TABLE}.version THEN excluded.version "
    f"ELSE {TABLE}.version + 1 END"
)

FRAME_MAX = 2**31 - 1
OF_RANGE = """
SELECT instance_id, frame, geometry, provenance, confidence, protected, z_order, occluded, job_id, author_id,
    version
FROM labeling_label WHERE instance_id = %s AND frame BETWEEN %s AND %s ORDER BY frame
"""


def labels_of(instance_id: int, *, first: int = 0, last: int = FRAME_MAX) -> list[LabelRow]:
    """Return the instance's labels and absent marks of a range (inclusive), in order, with versions."""
    return [label_row(row) for row in rows_of(OF_RANGE, (instance_id, first, last))]


def label_of(instance_id: int, frame: int) -> LabelRow | None:
    """Return the label or absent mark on ``frame``, None when there is neither."""
    return next(iter(labels_of(instance_id, first=frame, last=frame)), None)


def rows_by_key(rows: Iterable[LabelRow]) -> dict[tuple[int, int], LabelRow]:
    """Return the rows by instance and frame."""
    return {(row.instance_id, row.frame): row for row in rows}


def labels_upsert(
    *, task_id: int, seq: int, rows: Sequence[LabelRow], over_protected: bool = False
) -> set[tuple[int, int]]:
    """Write ``rows`` and return the (instance, frame) of those that were written.

    A row that is protected stays as it is unless ``over_protected`` (a person's own hand). The version
    of a label that is there grows by one. To be called with the task's lock held (``task_take_seq``).
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
            row.version, seq, row.z_order, row.occluded, row.job_id, row.author_id, now,
        )  # fmt: skip
    places = ", ".join([f"({', '.join(['%s'] * len(COLUMNS))})"] * len(rows))
    guard = "" if over_protected else f" WHERE NOT {TABLE}.protected"
    # Only names of ours stand in the text; every value is a parameter.
    statement = (
        f"INSERT INTO {TABLE} ({', '.join(COLUMNS)}) VALUES {places} "  # noqa: S608
        f"ON CONFLICT (instance_id, frame) DO UPDATE SET {UPDATED}, {VERSION}{guard} "
        "RETURNING instance_id, frame"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [(int(instance), int(frame)) for instance, frame in cursor.fetchall()]

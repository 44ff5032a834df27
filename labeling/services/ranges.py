"""Cutting stored frame ranges so that a new one fits between them. Ranges are inclusive."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet

from labeling.models import AttributeAnswer, ClassificationAnswer, ReviewDecision

Ranged = TypeVar("Ranged", ReviewDecision, AttributeAnswer, ClassificationAnswer)


def clear_range(rows: QuerySet[Ranged], *, first: int, last: int) -> int:
    """Cut ``first`` to ``last`` out of ``rows`` (of one thing) and return how many rows it touched.

    A row that reaches out on both sides becomes two.
    """
    touched = list(rows.filter(first_frame__lte=last, last_frame__gte=first))
    for row in touched:
        start, end = row.first_frame, row.last_frame
        if start is None or end is None:
            continue  # a static answer has no range
        row.delete()
        if start < first:
            put_again(row, start, first - 1)
        if end > last:
            put_again(row, last + 1, end)
    return len(touched)


def put_again(row: Ranged, first: int, last: int) -> None:
    row.pk = None
    row._state.adding = True
    row.first_frame, row.last_frame = first, last
    row.save(force_insert=True)

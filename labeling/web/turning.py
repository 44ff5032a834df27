"""Turning pages of long tables: by id, so that no row is skipped or shown twice while rows come in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

ROWS = 50

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Leaf(Generic[Row]):
    """One page of rows; ``following`` is the cursor of the next one, None on the last."""

    rows: list[Row]
    following: int | None
    first: bool


def leaf(rows: QuerySet[Row], *, cursor: str, newest_first: bool = False, size: int = ROWS) -> Leaf[Row]:
    """Return the page after ``cursor``; anything that is no number starts at the beginning."""
    known = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 19 else None
    if known is not None:
        conditions: dict[str, Any] = {"pk__lt" if newest_first else "pk__gt": known}
        rows = rows.filter(**conditions)
    found = list(rows.order_by("-pk" if newest_first else "pk")[: size + 1])
    shown = found[:size]
    return Leaf(shown, shown[-1].pk if len(found) > size else None, known is None)

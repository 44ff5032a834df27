"""Hot statements as SQL: what is sent thousands of times a minute is not built anew each time.

Both databases know the rest (``RETURNING``, ``ON CONFLICT``, window functions); only their clocks
are spelled differently. A statement says ``{now}`` for the database's clock, ``{lease_end}`` for
the end of a worker's lease given now, ``{in 30 seconds}`` for any other time to come; values are
``%s``. Statements are constants of their modules.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection
from django.db.models import Model

Row = tuple[Any, ...]
M = TypeVar("M", bound=Model)

CLOCKS = {
    "sqlite": (
        "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW')",
        "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW', '+{seconds} seconds')",
    ),
    "postgresql": ("STATEMENT_TIMESTAMP()", "STATEMENT_TIMESTAMP() + INTERVAL '{seconds} seconds'"),
}

# Far below SQLite's 32,766 parameters.
ROWS_A_STATEMENT = 500

AHEAD = re.compile(r"\{in (\d+) seconds\}")


def row_of(statement: str, values: Sequence[Any]) -> Row | None:
    """Run ``statement`` and return its first row; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(spoken(statement), values)
        row: Row | None = cursor.fetchone()
        return row


def rows_of(statement: str, values: Sequence[Any]) -> list[Row]:
    """Run ``statement`` and return all its rows."""
    with connection.cursor() as cursor:
        cursor.execute(spoken(statement), values)
        return list(cursor.fetchall())


def run(statement: str, values: Sequence[Any]) -> int:
    """Run ``statement`` and return how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(spoken(statement), values)
        return int(cursor.rowcount)


def run_many(statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run ``statement`` once for each of ``rows``; PostgreSQL is told all of them in one go."""
    with connection.cursor() as cursor:
        cursor.executemany(spoken(statement), rows)


def insert(statement: str, row: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Run ``statement`` with ``row`` (its placeholders) for each of ``rows``, many at a time."""
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        some = rows[start : start + ROWS_A_STATEMENT]
        run(statement + ", ".join([row] * len(some)), [value for values in some for value in values])


def model_of(model: type[M], columns: Sequence[str], row: Row) -> M:
    """Make an instance of ``row``; fields that ``columns`` does not name are read when asked for."""
    names, places_of = fields_of(model, tuple(columns))
    return model.from_db(connection.alias, names, [row[place] for place in places_of])


@lru_cache(maxsize=256)
def fields_of(model: type[Model], columns: tuple[str, ...]) -> tuple[list[str], list[int]]:
    """The fields that ``columns`` name, in the model's order, and where each stands in a row."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in columns]
    return names, [columns.index(name) for name in names]


def places(count: int) -> str:
    """Placeholders for ``count`` values of an ``IN``."""
    return ", ".join(["%s"] * count)


def spoken(statement: str) -> str:
    """``statement`` as the database in use says it."""
    return translated(statement, connection.vendor, settings.LEASE_SECONDS)


@lru_cache(maxsize=256)
def translated(statement: str, vendor: str, lease_seconds: float) -> str:
    now, later = CLOCKS[vendor]
    statement = statement.replace("{now}", now).replace("{lease_end}", later.format(seconds=lease_seconds))
    return AHEAD.sub(lambda found: later.format(seconds=found[1]), statement)

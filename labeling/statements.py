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
from itertools import chain
from typing import Any, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from django.db.models.base import ModelState

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
# psycopg's own bound.
VALUES_READ_FAST = 50

AHEAD = re.compile(r"\{in (\d+) seconds\}")


def row_of(statement: str, values: Sequence[Any]) -> Row | None:
    """Run ``statement`` and return its first row; None when there is none."""
    with connection.cursor() as cursor:
        execute(cursor, statement, values)
        row: Row | None = cursor.fetchone()
        return row


def rows_of(statement: str, values: Sequence[Any]) -> list[Row]:
    """Run ``statement`` and return all its rows."""
    with connection.cursor() as cursor:
        execute(cursor, statement, values)
        return list(cursor.fetchall())


def run(statement: str, values: Sequence[Any]) -> int:
    """Run ``statement`` and return how many rows it changed."""
    with connection.cursor() as cursor:
        execute(cursor, statement, values)
        return int(cursor.rowcount)


def execute(cursor: CursorWrapper, statement: str, values: Sequence[Any]) -> None:
    """Send ``statement`` with its values; many of them are written into it here.

    psycopg, which writes them in as well, keeps what it found of a short statement's placeholders, but
    reads a long one by regular expression each time: with thousands of values that takes longer than the
    database.
    """
    told = spoken(statement)
    if connection.vendor == "postgresql" and len(values) > VALUES_READ_FAST and "%%" not in told:
        cursor.execute(merged(told, values))
    else:
        cursor.execute(told, values)


def merged(told: str, values: Sequence[Any]) -> str:
    """Return a statement with its values written by psycopg's own rules, for the connection in use."""
    from psycopg.adapt import Transformer

    transformer = Transformer(connection.connection)
    literals = ["NULL" if one is None else transformer.as_literal(one).decode() for one in values]
    between = told.split("%s")
    if len(between) != len(literals) + 1:
        raise ValueError(f"{len(literals)} values do not fit a statement with {len(between) - 1} places.")
    return "".join(chain.from_iterable(zip(between, [*literals, ""], strict=True)))


def run_many(statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run ``statement`` once for each of ``rows``; PostgreSQL is told all of them in one go."""
    with connection.cursor() as cursor:
        cursor.executemany(spoken(statement), rows)


def insert(statement: str, row: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Run ``statement`` with ``row`` (its placeholders) for each of ``rows``, many at a time."""
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        some = rows[start : start + ROWS_A_STATEMENT]
        run(statement + ", ".join([row] * len(some)), [value for values in some for value in values])


def inserted(statement: str, row: str, rows: Sequence[tuple[object, ...]]) -> list[int]:
    """``insert``, and return the ids of the rows in their order."""
    ids: list[int] = []
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        some = rows[start : start + ROWS_A_STATEMENT]
        told = statement + ", ".join([row] * len(some)) + " RETURNING id"
        ids += [pk for (pk,) in rows_of(told, [value for values in some for value in values])]
    return ids


def model_of(model: type[M], columns: Sequence[str], row: Row, **related: Model | None) -> M:
    """Make an instance of ``row``, whose ``columns`` are attributes; others are read when asked for.

    ``related``: the instances that its foreign keys point at, whose ids are among the columns.

    As ``Model.from_db`` does, less its look at each field and its signals: batches make thousands.
    """
    made = model.__new__(model)
    made._state = ModelState()
    made._state.db = DEFAULT_DB_ALIAS
    made._state.adding = False
    if related:
        made._state.fields_cache = related
    made.__dict__.update(zip(columns, row, strict=True))
    return made


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

"""Statements with thousands of values: what is written comes back as it was, on both databases."""

from __future__ import annotations

import pytest
from django.db import connection

from labeling.statements import insert, places, rows_of, run

pytestmark = [pytest.mark.engine, pytest.mark.django_db]

WORDS = [
    "plain", "", "it's", 'a "b"', "50 % of %s and %%", "back\\slash", "\\x41", "line\nbreak", "ü 漢 🙂", None,
]  # fmt: skip
ALL = f"SELECT id, said, raw, share FROM words WHERE id IN ({places(600)}) ORDER BY id"  # noqa: S608  (ours)
TOO_FEW = f"UPDATE labeling_job SET state = 'queued' WHERE id IN ({places(60)})"  # noqa: S608  (ours)


def test_many_values_come_back_as_they_were_written() -> None:
    with connection.cursor() as cursor:
        kind = "BYTEA" if connection.vendor == "postgresql" else "BLOB"
        cursor.execute(f"CREATE TABLE words (id INTEGER, said TEXT, raw {kind}, share REAL)")
    rows = [(number, WORDS[number % 10], bytes([number % 256, 39, 92]), number / 4) for number in range(600)]
    insert("INSERT INTO words (id, said, raw, share) VALUES ", "(%s, %s, %s, %s)", rows)
    found = [(pk, said, bytes(raw), share) for pk, said, raw, share in rows_of(ALL, range(600))]
    assert found == rows


def test_values_that_do_not_fit_their_places_are_an_error() -> None:
    with pytest.raises(Exception, match=r"places|bindings|placeholders"):
        run(TOO_FEW, list(range(61)))

"""Answers and decisions as pieces, and pieces as rows: rows that stay keep their ids."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from labeling.models import AttributeAnswer, ClassificationAnswer, ReviewDecision, User
from labeling.services.edits.journal import RangeKey
from labeling.services.edits.opened import OpenEdit
from labeling.services.edits.pieces import WHOLE, Piece, joined, piece

# What a row of each noun says, besides where.
WORDS = {
    "answers": ("value", "seq", "author_id"),
    "classifications": ("value", "seq", "author_id"),
    "decisions": ("decision", "reason", "seq", "author_id", "at"),
}
MODELS: dict[str, Any] = {
    "answers": AttributeAnswer,
    "classifications": ClassificationAnswer,
    "decisions": ReviewDecision,
}


def answers_key(instance_id: int, definition_id: int) -> RangeKey:
    return ("answers", instance_id, definition_id)


def classifications_key(definition_id: int) -> RangeKey:
    return ("classifications", 0, definition_id)


def decisions_key(instance_id: int) -> RangeKey:
    return ("decisions", instance_id, 0)


def keys_of_instance(instance_id: int) -> list[RangeKey]:
    """Return the keys of everything that is said of an instance."""
    definitions = AttributeAnswer.objects.filter(instance_id=instance_id).values_list(
        "definition_id", flat=True
    )
    keys = [answers_key(instance_id, pk) for pk in sorted(set(definitions))]
    if ReviewDecision.objects.filter(instance_id=instance_id).exists():
        keys.append(decisions_key(instance_id))
    return keys


def pieces_of(edit: OpenEdit, key: RangeKey) -> list[Piece]:
    """Return what is said now."""
    return joined([one for _, one in rows_of(edit, key)])


def pieces_store(edit: OpenEdit, key: RangeKey, after: list[Piece]) -> None:
    """Say ``after`` from now on."""
    rows = rows_of(edit, key)
    edit.journal.range(key, joined([one for _, one in rows]), after)
    model = MODELS[key[0]]
    stay = {*after}
    gone = [pk for pk, one in rows if one not in stay]
    if gone:
        model.objects.filter(pk__in=gone).delete()
    new = stay - {one for _, one in rows}
    if new:
        known = authors_known(edit, new)
        model.objects.bulk_create(row_of(edit, key, one, known) for one in sorted(new))


def scope(edit: OpenEdit, key: RangeKey) -> QuerySet[Model]:
    noun, instance, definition = key
    rows: QuerySet[Model] = MODELS[noun].objects.filter(**whose(edit, instance, definition))
    return rows


def whose(edit: OpenEdit, instance: int, definition: int) -> dict[str, int]:
    of = {"instance_id": instance, "definition_id": definition}
    return {"task_id": edit.task.pk, **{name: pk for name, pk in of.items() if pk}}


def rows_of(edit: OpenEdit, key: RangeKey) -> list[tuple[int, Piece]]:
    names = WORDS[key[0]]
    found = scope(edit, key).values_list("pk", "first_frame", "last_frame", *names)
    rows = []
    for pk, start, end, *values in found:
        words = dict(zip(names, values, strict=True))
        if "at" in words:
            words["at"] = words["at"].isoformat()
        whole = start is None
        rows.append((pk, piece(WHOLE if whole else start, WHOLE if whole else end, words)))
    return rows


def row_of(edit: OpenEdit, key: RangeKey, one: Piece, authors: set[int]) -> Model:
    noun, instance, definition = key
    words = one.words
    if "at" in words:
        words["at"] = datetime.fromisoformat(words["at"])
    if words["author_id"] not in authors:
        words["author_id"] = None
    whole = one.first == WHOLE
    row: Model = MODELS[noun](
        **whose(edit, instance, definition),
        first_frame=None if whole else one.first,
        last_frame=None if whole else one.last,
        **words,
    )
    return row


def authors_known(edit: OpenEdit, pieces: Iterable[Piece]) -> set[int]:
    """Return those of the authors who still have an account."""
    authors = {one.words["author_id"] for one in pieces} - {None, edit.user.pk}
    known = set(User.objects.filter(pk__in=authors).values_list("pk", flat=True)) if authors else set()
    return {*known, edit.user.pk}

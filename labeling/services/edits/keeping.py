"""Storing a journal with its edit, and reading it again."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from labeling.label_rows import LabelRow, rows_pack, rows_unpack
from labeling.models import CHUNK_FRAMES, Edit, EditChunk, User
from labeling.services.edits.journal import Journal, LabelKey, Turned
from labeling.services.edits.pieces import Piece

CHUNKS_A_STATEMENT = 500


def edit_keep(
    journal: Journal,
    *,
    task_id: int,
    seq: int,
    author: User,
    title: str,
    key: uuid.UUID,
    digest: str,
) -> Edit:
    """Store what an edit did."""
    edit = Edit.objects.create(
        task_id=task_id,
        key=key,
        digest=digest,
        title=title[:200],
        seq=seq,
        effects=effects_json(journal),
        author=author,
    )
    EditChunk.objects.bulk_create(chunks_of(edit, journal), batch_size=CHUNKS_A_STATEMENT)
    return edit


def chunks_of(edit: Edit, journal: Journal) -> Iterator[EditChunk]:
    """Yield a chunk for each instance and block of 64 frames that was touched."""
    blocks: dict[LabelKey, list[LabelKey]] = {}
    for instance, frame in sorted(journal.labels):
        blocks.setdefault((instance, frame // CHUNK_FRAMES), []).append((instance, frame))
    for (instance, _), keys in blocks.items():
        turned = [journal.labels[key] for key in keys]
        yield EditChunk(
            edit=edit,
            instance_id=instance,
            first_frame=keys[0][1],
            last_frame=keys[-1][1],
            before=rows_pack(one.before for one in turned if one.before is not None),
            after=rows_pack(one.after for one in turned if one.after is not None),
        )


def effects_json(journal: Journal) -> dict[str, Any]:
    """Return what became of everything but labels, as JSON; empty when nothing did."""
    effects: dict[str, Any] = {}
    if journal.instances:
        effects["instances"] = [[pk, one.before, one.after] for pk, one in journal.instances.items()]
    if journal.ranges:
        effects["ranges"] = [[*key, one.before, one.after] for key, one in journal.ranges.items()]
    if journal.gave_way:
        effects["gave_way"] = sorted(journal.gave_way)
    return effects


def journal_read(edit: Edit) -> Journal:
    """Return the journal of a stored edit."""
    journal = Journal(gave_way={(pk, frame) for pk, frame in edit.effects.get("gave_way", ())})
    for pk, before, after in edit.effects.get("instances", ()):
        journal.instances[pk] = Turned(before, after)
    for noun, instance, definition, before, after in edit.effects.get("ranges", ()):
        journal.ranges[noun, instance, definition] = Turned(pieces(before), pieces(after))
    for chunk in EditChunk.objects.filter(edit=edit).order_by("instance_id", "first_frame"):
        chunk_read(journal, chunk)
    return journal


def chunk_read(journal: Journal, chunk: EditChunk) -> None:
    before, after = (by_frame(chunk, packed) for packed in (chunk.before, chunk.after))
    for frame in sorted(before.keys() | after.keys()):
        journal.labels[chunk.instance_id, frame] = Turned(before.get(frame), after.get(frame))


def by_frame(chunk: EditChunk, packed: bytes | memoryview) -> dict[int, LabelRow]:
    return {row.frame: row for row in rows_unpack(packed, instance_id=chunk.instance_id)}


def pieces(rows: Iterable[tuple[int, int, str]]) -> list[Piece]:
    return [Piece(*row) for row in rows]

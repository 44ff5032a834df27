"""What stands where a run wrote, for many of its chunks at once: read in one go, and removed in one go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from labeling.label_rows import LabelRow
from labeling.models import Label, RunChunk
from labeling.services.label_rows import labels_upsert
from labeling.statements import rows_of

CHUNKS_AT_ONCE = 16
"""Of 64 frames each: so many labels are held at a time, without their shapes."""

PKS_A_STATEMENT = 500
COLUMNS = "SELECT instance_id, frame, id, job_id, protected, author_id, seq FROM labeling_label WHERE "
SPAN = "(instance_id = %s AND frame BETWEEN %s AND %s)"


@dataclass(frozen=True, slots=True)
class StandingLabel:
    """A label or absent mark as it is now, without its shape."""

    pk: int
    job_id: int | None
    protected: bool
    author_id: int | None
    seq: int


Standing = dict[int, StandingLabel]
"""Of one instance, by frame."""


@dataclass
class Turned:
    """What turning some chunks of a run comes to: labels to remove, and then those to write."""

    seq: int
    gone: list[int] = field(default_factory=list)
    rows: dict[tuple[int, int], LabelRow] = field(default_factory=dict)
    """By instance and frame."""

    def remove(self, now: Standing, frames: Iterable[int], *, instance_id: int) -> None:
        """Remove what stands there, be it only since an earlier ``put``."""
        for frame in frames:
            self.gone.append(now.pop(frame).pk)
            self.rows.pop((instance_id, frame), None)

    def put(self, now: Standing, rows: Iterable[LabelRow]) -> None:
        """Write these, over what stands there."""
        for row in rows:
            before = now.get(row.frame)
            pk = before.pk if before else 0
            now[row.frame] = StandingLabel(pk, row.job_id, row.protected, row.author_id, self.seq)
            self.rows[row.instance_id, row.frame] = row

    def write(self, *, task_id: int) -> None:
        """Do it. To be called with the task's lock held."""
        labels_remove(self.gone)
        labels_upsert(task_id=task_id, seq=self.seq, rows=list(self.rows.values()))


def chunks_standing(chunks: Sequence[RunChunk]) -> Iterator[list[tuple[RunChunk, Standing]]]:
    """Yield some chunks at a time, each with what stands on its frames now.

    What becomes of those labels is to be put in there: another chunk of the instance may be about them, too.
    """
    for start in range(0, len(chunks), CHUNKS_AT_ONCE):
        some = chunks[start : start + CHUNKS_AT_ONCE]
        standing = labels_standing(some)
        yield [(chunk, standing.setdefault(chunk.instance_id, {})) for chunk in some]


def labels_standing(chunks: Sequence[RunChunk]) -> dict[int, Standing]:
    """Return what stands on the frames of the chunks, by instance."""
    found: dict[int, Standing] = {}
    spans = " OR ".join([SPAN] * len(chunks))
    values = [value for chunk in chunks for value in (chunk.instance_id, chunk.first_frame, chunk.last_frame)]
    for instance_id, frame, pk, job_id, protected, author_id, seq in rows_of(COLUMNS + spans, values):
        label = StandingLabel(pk, job_id, bool(protected), author_id, seq)
        found.setdefault(instance_id, {})[frame] = label
    return found


def labels_remove(pks: Sequence[int]) -> None:
    """Remove labels; those that are protected stay."""
    for start in range(0, len(pks), PKS_A_STATEMENT):
        Label.objects.filter(pk__in=pks[start : start + PKS_A_STATEMENT], protected=False).delete()

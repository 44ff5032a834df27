"""The instances that a detecting part makes, in the transaction that writes their first labels.

Their hashes follow from job, part and number. So a part that is killed and goes on finds what it made, and
one that a person has deleted meanwhile is not made again.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from labeling.models import ChangeKind, Instance, JobInstance, RunInstance
from labeling.services.instances import HASH_BYTES
from labeling.services.sequence import change_record
from labeling.statements import places, row_of, rows_of

KNOWN = """
SELECT made.object_hash, instance.id FROM labeling_runinstance made
LEFT JOIN labeling_instance instance ON instance.id = made.instance_id AND instance.task_id = %s
WHERE made.job_id = %s AND made.object_hash IN ({hashes})
"""
COUNT = "UPDATE labeling_task SET instance_count = instance_count + %s WHERE id = %s RETURNING instance_count"
HASHES_A_READ = 500


@dataclass(frozen=True)
class Maker:
    """The part on whose behalf instances are made. ``holds``: they are the job's own while it is active."""

    job_id: int
    job_uid: str
    part_number: int
    task_id: int
    first_frame: int
    last_frame: int
    holds: bool

    def object_hash(self, number: int) -> str:
        """The hash of the part's object ``number``, eight characters as all hashes have."""
        text = f"{self.job_uid}/{self.part_number}/{number}"
        return urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:HASH_BYTES]).decode()


def instances_of(maker: Maker, objects: Mapping[int, int], *, seq: int) -> dict[int, int | None]:
    """Return the instance of each object, made where it is new; None for one that a person has deleted.

    ``objects`` maps their numbers to classes, in the order of their first labels, so that it does not
    matter how often is committed. To be called with the task's lock held.
    """
    hashes = {maker.object_hash(number): number for number in objects}
    known = {hashes[told]: instance_id for told, instance_id in known_of(maker, list(hashes))}
    new = [number for number in objects if number not in known]
    return known | make(maker, new, objects, seq=seq)


def known_of(maker: Maker, hashes: Sequence[str]) -> list[tuple[str, int | None]]:
    rows: list[tuple[str, int | None]] = []
    for start in range(0, len(hashes), HASHES_A_READ):
        some = hashes[start : start + HASHES_A_READ]
        statement = KNOWN.replace("{hashes}", places(len(some)))
        rows += [(told, pk) for told, pk in rows_of(statement, [maker.task_id, maker.job_id, *some])]
    return rows


def make(maker: Maker, new: Sequence[int], objects: Mapping[int, int], *, seq: int) -> dict[int, int | None]:
    """Make an instance for each number, counted on from the task's last one."""
    if not new:
        return {}
    row = row_of(COUNT, (len(new), maker.task_id))
    first = (row[0] if row else len(new)) - len(new) + 1
    instances = Instance.objects.bulk_create(
        Instance(
            task_id=maker.task_id,
            object_class_id=objects[number],
            object_hash=maker.object_hash(number),
            number=first + place,
            created_by_job_id=maker.job_id,
        )
        for place, number in enumerate(new)
    )
    remember(maker, instances)
    change_record(
        task_id=maker.task_id,
        seq=seq,
        kind=ChangeKind.INSTANCE,
        instances=[instance.pk for instance in instances],
        job_id=maker.job_id,
    )
    return {number: instance.pk for number, instance in zip(new, instances, strict=True)}


def remember(maker: Maker, instances: Sequence[Instance]) -> None:
    """Keep what takes them back and brings them back, and claim those that later frames may go on with."""
    RunInstance.objects.bulk_create(
        RunInstance(
            job_id=maker.job_id,
            instance=instance,
            object_class_id=instance.object_class_id,
            object_hash=instance.object_hash,
            number=instance.number,
        )
        for instance in instances
    )
    JobInstance.objects.bulk_create(
        JobInstance(
            job_id=maker.job_id,
            instance=instance,
            first_frame=maker.first_frame,
            last_frame=maker.last_frame,
            active=maker.holds,
        )
        for instance in instances
    )

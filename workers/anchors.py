"""What is fixed before a run starts: seeds, key frames and absent marks."""

from __future__ import annotations

from collections import defaultdict

from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import Shape
from labeling.models import Provenance
from labeling.statements import places, rows_of
from workers.track_run import Anchor, Anchors, Order

FIXED = """
SELECT frame, instance_id, geometry FROM labeling_label label
WHERE task_id = %s AND instance_id IN ({instances}) AND (
    (instance_id, frame) IN (VALUES {seeds})
    OR (frame BETWEEN %s AND %s AND (protected OR {detected} OR EXISTS (
        SELECT 1 FROM labeling_reviewdecision accepted
        WHERE accepted.decision = 'accepted' AND accepted.instance_id = label.instance_id
            AND label.frame BETWEEN accepted.first_frame AND accepted.last_frame
    )))
)
"""


def anchors_of(order: Order, *, task_id: int) -> Anchors:
    """Return frame → instance id → anchor for the instances of ``order``.

    A key frame is a protected label inside the range: a person's, or an accepted one. Where instances
    have an end, the gaps between detections are filled, so that detections are key frames, too.
    """
    detected = f"provenance = {int(Provenance.DETECTED)}" if order.ends else "FALSE"
    statement = FIXED.replace("{detected}", detected)
    statement = statement.replace("{instances}", places(len(order.seeds)))
    statement = statement.replace("{seeds}", ", ".join(["(%s, %s)"] * len(order.seeds)))
    span = (order.first, order.last)
    seeds = [value for pair in order.seeds.items() for value in pair]
    anchors: dict[int, dict[int, Anchor]] = defaultdict(dict)
    for frame, instance_id, geometry in rows_of(statement, [task_id, *order.seeds, *seeds, *span]):
        shape = None if geometry is None else shape_unpack(bytes(geometry))
        anchors[frame][instance_id] = Anchor(shape)
    return dict(anchors)


def seeds_gone(order: Order, anchors: Anchors) -> list[int]:
    """Return the instances whose seed was deleted between the order and its run."""
    return [
        instance_id
        for instance_id, frame in order.seeds.items()
        if anchors.get(frame, {}).get(instance_id, Anchor(None)).shape is None
    ]


def keys_of(order: Order, anchors: Anchors) -> dict[int, dict[int, Shape]]:
    """Return the key frames inside the range: instance id → frame → shape."""
    keys: dict[int, dict[int, Shape]] = defaultdict(dict)
    for frame, fixed in anchors.items():
        for instance_id, anchor in fixed.items():
            if anchor.shape is not None and order.inside(frame):
                keys[instance_id][frame] = anchor.shape
    return dict(keys)

"""Batches: one order over many tasks, its dry run, and how far it is."""

from __future__ import annotations

from typing import Any

from labeling.api.examples.example import MOMENT, Example

SPECIFICATION = {
    "kind": "track",
    "span": {"kind": "seed", "frames": 200},
    "object_classes": [4],
    "priority": 0.3,
}
SKIPPED = {
    "reason": "nothing_to_track", "count": 3, "sentence": "No object has a label to start from.",
}  # fmt: skip
COUNTS = {
    "waiting": 0, "queued": 61, "running": 4, "paused": 0, "cancelling": 0, "succeeded": 40, "partial": 1,
    "failed": 1, "cancelled": 0, "skipped": 3,
}  # fmt: skip


def batch(**other: Any) -> dict[str, Any]:
    """A batch that is at work, with ``other`` members than usual."""
    return {
        "id": 9, "uid": "b0f5a4f4-19a7-4f0e-a3f4-6f2f3b4d0a53", "project": 3, "parent": None, "rule": None,
        "name": "Mornings", "kind": "track", "state": "running", "paused": False, "verb": "",
        "verb_outcome": {},
        "cancel_keeps": None, "filter": {"stage": "annotate", "search": "morning"},
        "specification": SPECIFICATION, "seed": 1804289383, "sample": None, "sample_good": False,
        "items_total": 110, "counts": COUNTS, "worker_seconds": 812.0, "gpu_seconds": 0.0,
        "budget_seconds": 7200.0, "created_by": {"id": 1, "username": "alice"}, "created_at": MOMENT,
        "finished_at": None, "skips": [{**SKIPPED, "task": 77, "task_title": "Morning 31"}], "failures": [],
        "differences": [], **other,
    }  # fmt: skip


BATCHES = {
    "projects_batches_create": [
        Example(
            "Track all cars of the tasks that match",
            request={
                "tasks": {"stage": "annotate", "search": "morning"}, "specification": SPECIFICATION,
                "name": "Mornings", "budget_seconds": 7200,
            },
            answers={201: batch()},
        ),
        Example(
            "Try ten tasks first",
            request={
                "specification": {"kind": "detect_all", "classes": [{"object_class": 4}], "step": 5},
                "sample": 10,
            },
        ),
        Example(
            "With dry_run: what it would come to",
            answers={
                200: {
                    "tasks": 110, "runs": 107, "frames": 21_400, "objects": 318,
                    "skipped": [{**SKIPPED, "samples": [{"task": 77, "title": "Morning 31"}]}],
                    "warnings": [],
                    "protected_touched": 0, "waiting_for_worker": False, "workers": 4,
                    "seconds": [600.0, 1500.0],
                }
            },
        ),
    ],
    "batches_retrieve": [Example("At work", answers={200: batch()})],
    "batches_again_create": [Example("Once more what failed", request={"states": ["failed", "partial"]})],
    "batches_resume_create": [Example("With a greater budget", request={"budget_seconds": 14400})],
    "batches_cancel_create": [Example("Discard what its jobs wrote", request={"keep": False})],
}  # fmt: skip

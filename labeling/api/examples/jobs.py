"""Orders of jobs, what they would come to, and a job that runs."""

from __future__ import annotations

from typing import Any

from labeling.api.examples.example import MOMENT, Example

TRACK = {
    "kind": "track",
    "instances": [31],
    "first_frame": 120,
    "last_frame": 219,
    "interval": 30,
    "priority": 0.5,
}
DETECT = {
    "kind": "detect_all", "first_frame": 0, "last_frame": 499, "step": 5, "fill": "fast",
    "classes": [{"object_class": 4, "words": "parked car", "threshold": 0.4}],
}  # fmt: skip
INTERPOLATE = {"kind": "interpolate", "instances": [31], "first_frame": 120, "last_frame": 219}
PART = {
    "number": 1, "state": "running", "capability": "cpu", "frames_done": 48, "frames_total": 99,
    "position": 168,
    "attempts": 1, "holder": "worker-1", "error_code": "", "error": "", "failures": [], "started_at": MOMENT,
    "finished_at": None,
}  # fmt: skip


def job(**other: Any) -> dict[str, Any]:
    """A tracking job that is at work, with ``other`` members than usual."""
    return {
        "id": 12, "uid": "6b7f9d1c-42f0-4d6b-9a59-0f3a9c6f2b77", "project": 3, "task": 6,
        "task_title": "Morning, first half", "kind": "track", "algorithm": "fast", "state": "running",
        "direction": "forwards", "first_frame": 120, "last_frame": 219, "priority": 0.5,
        "parameters": {"interval": 30, "max_frames_after_key": None, "backend": {}}, "warnings": [],
        "frames_total": 99, "frames_done": 48, "labels_written": 48, "worker_seconds": 2.1,
        "gpu_seconds": 0.0,
        "tally": {}, "model_version": "fast 4", "error_code": "", "error": "", "cancel_keeps": None,
        "reverted_at": None, "reverted_by": None, "created_by": {"id": 2, "username": "bob"},
        "created_at": MOMENT, "started_at": MOMENT, "finished_at": None, "waiting_for_worker": False,
        "instances": [31], "parts": [PART], "queue_position": None, "seconds_left": [2.0, 2.8],
        "may_steer": True, **other,
    }  # fmt: skip


QUEUED = job(
    state="queued", frames_done=0, labels_written=0, worker_seconds=0.0, model_version="", started_at=None,
    queue_position=2, seconds_left=[6.0, 14.5], parts=[],
)  # fmt: skip
DRY_RUN = {
    "frames": 100, "frames_before": 0, "objects": [{"instance": 31, "seed_frame": 120, "frames": 100}],
    "warnings": [], "protected_touched": 0, "waiting_for_worker": False, "seconds": [4.0, 9.5],
    "detector": None,
    "classes": [],
}  # fmt: skip

JOBS = {
    "tasks_jobs_create": [
        Example("Track an object", request=TRACK, answers={201: QUEUED}),
        Example("Track backwards with SAM 2", request={**TRACK, "direction": "backwards", "advanced": True}),
        Example("Find all objects of a class", request=DETECT),
        Example("Fill the frames between labels", request=INTERPOLATE),
        Example("With dry_run: what it would come to", answers={200: DRY_RUN}),
    ],
    "jobs_retrieve": [Example("At work", answers={200: job()})],
    "jobs_cancel_create": [Example("Keep what it wrote", request={"keep": True})],
    "jobs_again_create": [Example("With SAM 2 instead", request={"advanced": True}, answers={201: QUEUED})],
    "jobs_retry_create": [Example("With less memory", request={"backend": {"offload": True}})],
}

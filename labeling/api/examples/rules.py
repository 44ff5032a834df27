"""Rules: what is run on new media by itself; and watches, which register new objects of buckets."""

from __future__ import annotations

from typing import Any

from labeling.api.examples.connections import ALICE, LISTING
from labeling.api.examples.example import MOMENT, Example

SPECIFICATION = {"kind": "detect_all", "classes": [{"object_class": 4}], "step": 5}
COUNTS = {
    "pending": 2, "dropped": 0, "waiting": 0, "skipped": 1, "queued": 7, "running": 1, "paused": 0,
    "cancelling": 0, "succeeded": 31, "partial": 0, "failed": 0, "cancelled": 0,
}  # fmt: skip


def rule(**other: Any) -> dict[str, Any]:
    """A rule that is on, with ``other`` members than usual."""
    return {
        "id": 5, "uid": "0b6f9f06-55c3-4a3c-9f6e-5d6f3d1f7a11", "project": 3, "name": "Find cars",
        "state": "on", "connection": 2, "prefix": "2026/north/", "kinds": ["video"],
        "specification": SPECIFICATION, "budget_seconds": 36_000.0, "worker_seconds": 812.0,
        "gpu_seconds": 812.0, "error_code": "", "error": "", "noticed": 42, "counts": COUNTS,
        "ordered_at": MOMENT, "switched_by": ALICE, "switched_at": MOMENT,
        "created_by": ALICE, "created_at": MOMENT, **other,
    }  # fmt: skip


WATCH = {
    "id": 8, "project": 3, "connection": 2, "state": "off", "prefix": "2026/", "suffixes": [".mp4", ".mov"],
    "folders_as": "", "when_changed": "say", "make_tasks": True, "every_minutes": 30, "at": None,
    "next_at": None, "listing": None, "failures": 0, "error_code": "", "error": "", "switched_by": None,
    "created_by": ALICE, "created_at": MOMENT,
}  # fmt: skip

RULES = {
    "projects_rules_create": [
        Example(
            "Find cars on every fifth frame of new videos of a folder",
            request={
                "name": "Find cars", "connection": 2, "prefix": "2026/north/", "kinds": ["video"],
                "specification": SPECIFICATION, "budget_seconds": 36_000,
            },
            answers={
                201: rule(
                    state="off", noticed=0, counts=dict.fromkeys(COUNTS, 0), worker_seconds=0.0,
                    gpu_seconds=0.0, ordered_at=None, switched_by=None, switched_at=None,
                )
            },
        ),
    ],
    "rules_retrieve": [
        Example(
            "Paused, since its budget is spent",
            answers={
                200: rule(
                    state="paused", worker_seconds=36_004.0, error_code="rule_over_budget",
                    error="Its budget of 36000 s of workers is spent: it is paused, with what it queued.",
                )
            },
        ),
    ],
    "rules_preview_retrieve": [
        Example(
            "What it would have matched",
            answers={
                200: {
                    "media": 120, "media_matching": 40, "tasks": 40,
                    "sample": [
                        {"task": 77, "title": "north/31.mp4", "media": 70, "media_title": "north/31.mp4"}
                    ],
                }
            },
        ),
    ],
    "rules_on_create": [Example("With a greater budget", request={"budget_seconds": 72_000})],
    "connections_watches_create": [
        Example("Twice an hour", request={"kinds": ["video"], "every_minutes": 30}, answers={201: WATCH}),
        Example("Every night, all objects", request={"kinds": [], "at": "02:30:00"}),
    ],
    "watches_on_create": [
        Example(
            "Its first listing is due",
            answers={200: {**WATCH, "state": "on", "next_at": MOMENT, "switched_by": ALICE}},
        ),
    ],
    "watches_retrieve": [
        Example(
            "On, with its last listing",
            answers={
                200: {
                    **WATCH, "state": "on", "next_at": MOMENT, "switched_by": ALICE,
                    "listing": {**LISTING, "state": "succeeded", "seen": 120, "added": 3, "known": 117},
                }
            },
        ),
    ],
}  # fmt: skip

"""Labels: a window of them, one drawn, many imported; and an edit of several steps."""

from __future__ import annotations

from typing import Any

from labeling.api.examples.example import Example

BOX = {"type": "bounding_box", "left": 212.0, "top": 96.5, "width": 64.0, "height": 41.0}


def label(**other: Any) -> dict[str, Any]:
    """A label that a person drew, with ``other`` members than usual."""
    return {
        "instance": 31, "frame": 120, "shape": BOX, "provenance": "manual", "confidence": 1.0,
        "protected": True, "version": 3, "seq": 58, "z_order": 0, "occluded": False, "job": None, "author": 2,
        "review": "unreviewed", **other,
    }  # fmt: skip


TRACKED = label(
    frame=121, provenance="tracked", confidence=0.87, protected=False, version=1, job=12, author=None
)

LABELS = {
    "tasks_labels_retrieve": [
        Example("One drawn, one tracked", answers={200: {"labels": [label(), TRACKED], "seq": 58}}),
    ],
    "instances_labels_update": [
        Example(
            "A box",
            request={"shape": BOX, "provenance": "manual"},
            answers={200: label()},
        ),
    ],
    "tasks_labels_create": [
        Example(
            "A new object on two frames, and one that is there",
            request={
                "labels": [
                    {"object_class": 4, "ref": "van", "frame": 0, "shape": BOX, "confidence": 0.9},
                    {"object_class": 4, "ref": "van", "frame": 1, "shape": BOX, "confidence": 0.8},
                    {"instance": 31, "frame": 0, "shape": BOX},
                ]
            },
            answers={201: {"written": 3, "skipped": 0, "instances": {"van": 44}}},
        ),
    ],
    "tasks_edits_create": [
        Example(
            "A new object with its first label",
            request={
                "key": "5d9f6b3e-6d0f-4b57-8a1c-3d2f8f1f6a10",
                "title": "Draw a car",
                "operations": [
                    {"op": "instance.create", "instance": "x7Kd02_a", "object_class": 4},
                    {"op": "label.put", "instance": "x7Kd02_a", "frame": 120, "shape": BOX, "version": 0},
                ],
            },
        ),
        Example(
            "Accept a track",
            request={
                "key": "0c8f4b52-77ad-4a39-b9a5-6f0b7e0b9d42",
                "title": "Accept Car 4",
                "operations": [
                    {
                        "op": "review.decide", "instance": "x7Kd02_a", "decision": "accepted", "first": 120,
                        "last": 219,
                    }
                ],
            },
        ),
    ],
    "instances_answers_update": [
        Example("What holds on some frames", request={"definition": 9, "value": "turning",
        "first_frame": 120, "last_frame": 150}),
    ],
}  # fmt: skip

"""Clicks, boxes and words, and the shapes that they become."""

from __future__ import annotations

from labeling.api.examples.example import Example
from labeling.api.examples.labels import BOX

DONE = {
    "id": "3c7b9f0a-51f2-4f3c-8d7e-9b7c1a2d4e5f", "draft_id": "a7", "seq": 3, "state": "done", "code": "",
    "sentence": "", "position": None, "shapes": [{"shape": BOX, "confidence": 0.93}], "notes": [],
    "made_by": {"name": "classical", "version": "1", "device": "cpu"},
    "times": {"waited": 2.0, "opened": 31.0, "segmented": 44.0},
}  # fmt: skip

PROMPTS = {
    "tasks_prompts_create": [
        Example(
            "Clicks in a box",
            request={
                "draft_id": "a7", "seq": 3, "frame": 120, "object_class": 4,
                "points": [{"x": 212.5, "y": 80}, {"x": 240, "y": 95, "include": False}],
                "box": {"left": 180, "top": 60, "width": 90, "height": 70},
            },
            answers={200: DONE},
        ),
        Example(
            "All objects by words",
            request={
                "draft_id": "a9", "seq": 1, "frame": 120, "object_class": 4, "mode": "all",
                "words": "parked car", "threshold": 0.4,
            },
            answers={
                202: {
                    **DONE, "draft_id": "a9", "seq": 1, "state": "waiting", "position": 1, "shapes": [],
                    "made_by": None, "times": {},
                }
            },
        ),
        Example(
            "All objects like one that is labelled",
            request={
                "draft_id": "b1", "seq": 1, "frame": 120, "object_class": 4, "mode": "all", "words": "",
                "examples": [{"instance": 31, "frame": 118}],
            },
        ),
    ],
    "tasks_prompts_warm_create": [
        Example(
            "The open frame, and the next",
            request={"frames": [120, 121]},
            answers={202: {"clicker": "classical", "words": None, "examples": "similar"}},
        ),
    ],
}  # fmt: skip

"""Making a project with its classes."""

from __future__ import annotations

from labeling.api.examples.example import MOMENT, Example

PROJECTS = {
    "projects_create": [
        Example(
            "With an ontology of its own",
            request={
                "name": "Crossing",
                "ontology": {
                    "name": "Traffic",
                    "classes": [
                        {"name": "Car", "shape": "bounding_box", "color": "#e6194b"},
                        {"name": "Road", "shape": "bitmask"},
                    ],
                },
            },
            answers={
                201: {
                    "id": 3, "uid": "0a4f6f0e-9d52-4d3f-8a58-1f1d0c1d6c11", "name": "Crossing", "ontology": 5,
                    "role": "manager", "task_count": 0, "guide": "", "review_share": 1.0,
                    "comments_block": False, "weight": 1.0, "running_parts_max": None,
                    "budget_seconds": None, "worker_seconds": 0.0, "gpu_seconds": 0.0, "created_at": MOMENT,
                }
            },
        ),
        Example("With an ontology that is there", request={"name": "Crossing at night", "ontology": 5}),
    ],
    "projects_partial_update": [
        Example("The guide, and the share of tasks to review", request={"guide": "Label what moves.",
        "review_share": 0.2}),
    ],
    "projects_tasks_create": [
        Example(
            "A segment of a video's frames",
            request={"media": 8, "first_frame": 0, "last_frame": 499, "title": "Morning, first half",
            "priority": 0.7},
        ),
    ],
    "tasks_reject_create": [
        Example("Sent back", request={"comment": "The van on frames 40 to 60 is two vans."}),
    ],
    "projects_members_create": [Example("A reviewer", request={"username": "rita", "role": "reviewer"})],
}  # fmt: skip

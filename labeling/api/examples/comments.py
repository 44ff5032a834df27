"""Comments: pinned, answered, settled."""

from __future__ import annotations

from labeling.api.examples.example import MOMENT, Example

COMMENTS = {
    "tasks_comments_create": [
        Example(
            "At a point of a frame",
            request={"text": "@rita is this one car or two?", "kind": "point", "frame": 120, "x": 244.0,
            "y": 117.0},
            answers={
                201: {
                    "id": 17, "task": 6, "parent": None, "kind": "point", "frame": 120, "last_frame": None,
                    "x": 244.0, "y": 117.0, "instance": None, "object_hash": "",
                    "text": "@rita is this one car or two?", "mentions": [{"id": 4, "username": "rita"}],
                    "author": {"id": 2, "username": "bob"}, "created_at": MOMENT, "edited_at": None,
                    "resolved_at": None, "resolved_by": None,
                }
            },
        ),
        Example("A reply", request={"text": "Two; I split them.", "parent": 17}),
    ],
    "comments_partial_update": [Example("Settled", request={"resolved": True})],
}  # fmt: skip

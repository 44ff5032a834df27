"""Files straight into the bucket."""

from __future__ import annotations

from labeling.api.examples.example import MOMENT, Example

UPLOAD = {
    "id": 12, "project": 3, "title": "crossing.mp4", "kind": "", "state": "open", "size_bytes": 20971520,
    "part_bytes": 8388608, "part_count": 3, "parts_there": [], "media": None, "created_at": MOMENT,
    "expires_at": "2026-11-30T13:00:00Z",
}  # fmt: skip
FINGERPRINT = "20971520:1764421200000:crossing.mp4"

UPLOADS = {
    "projects_uploads_way": [
        Example(
            "Straight into the bucket",
            answers={
                200: {
                    "direct": True, "sentence": "Files go straight into the bucket.", "min_bytes": 8388608,
                    "max_bytes": 21474836480,
                }
            },
        ),
    ],
    "projects_uploads_create": [
        Example(
            "Begin",
            request={"name": "crossing.mp4", "size_bytes": 20971520, "fingerprint": FINGERPRINT},
            answers={201: UPLOAD},
        ),
        Example(
            "The same file again, after the connection broke",
            request={"name": "crossing.mp4", "size_bytes": 20971520, "fingerprint": FINGERPRINT},
            answers={200: {**UPLOAD, "parts_there": [1, 2]}},
        ),
    ],
    "uploads_parts_create": [
        Example(
            "One part",
            request={"numbers": [3]},
            answers={
                200: {
                    "parts": [
                        {
                            "number": 3,
                            "size": 4194304,
                            "url": "https://s3.example.org/films/direct/5f0c…?uploadId=…&partNumber=3&X-Amz-…",
                        }
                    ],
                    "expires_at": "2026-11-29T13:15:00Z",
                }
            },
        ),
    ],
}  # fmt: skip

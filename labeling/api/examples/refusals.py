"""Errors, one or two of each status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labeling.api.examples.labels import label


def error(code: str, sentence: str, **details: Any) -> dict[str, Any]:
    return {"error": {"code": code, "sentence": sentence, "details": details}}


REFUSALS: Mapping[str, Mapping[str, Any]] = {
    "400": {
        "invalid": error(
            "invalid", "first_frame: This field is required.", first_frame=["This field is required."]
        ),
    },
    "401": {"not_signed_in": error("not_signed_in", "Sign in, or send an API token.")},
    "403": {"forbidden": error("forbidden", "As viewer of this project you may not do this.")},
    "404": {"not_found": error("not_found", "There is no such task, or you may not see it.")},
    "409": {
        "stale_version": error(
            "stale_version",
            "Somebody changed this label meanwhile: you saw version 2, it is version 3.",
            version=3,
            current=label(),
        ),
        "job_active": error("job_active", "Job 12 is at work on this object.", job=12),
    },
    "412": {
        "changed_meanwhile": error(
            "changed_meanwhile",
            "Somebody changed this webhook after you had read it. Nothing was done: look at what it says "
            "now, and change that.",
            current={"id": 4, "name": "Pipeline", "kinds": ["job.failed"]},
        ),
    },
    "422": {
        "range_reversed": error(
            "range_reversed", "The range ends at frame 10, before it begins at frame 20."
        ),
        "unknown_algorithm": error(
            "unknown_algorithm", "No worker has ever offered the algorithm “sam9” for tracking."
        ),
    },
    "4XX": {
        "too_many_requests": error(
            "too_many_requests", "You have sent more than 3000/minute requests. Go on in 12 s.", seconds=12
        ),
        "file_too_large": error("file_too_large", "The file is larger than this installation takes."),
    },
    "5XX": {
        "storage_missing": error("storage_missing", "The file of this media is not in the store."),
        "internal": error("internal", "Something went wrong on our side. The log of the server says what."),
    },
}
"""By status, then by code."""

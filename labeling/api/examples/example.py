"""One example: a request, what is answered, or both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from drf_spectacular.utils import OpenApiExample

MOMENT = "2026-11-29T13:00:00Z"
"""When everything in the examples happened."""


@dataclass(frozen=True)
class Example:
    """What stands under ``name``: the body that is sent, and the bodies of answers by status."""

    name: str
    request: Any = None
    answers: Mapping[int, Any] = field(default_factory=dict)

    def told(self) -> list[OpenApiExample]:
        """The example as the schema's generator takes it."""
        sent = [] if self.request is None else [OpenApiExample(self.name, self.request, request_only=True)]
        return sent + [
            OpenApiExample(self.name, body, response_only=True, status_codes=[str(status)])
            for status, body in self.answers.items()
        ]

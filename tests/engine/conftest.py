"""The engine's tests: rows and transactions, without a broker unless a test asks for one."""

from __future__ import annotations

import pytest
from django.conf import settings

from labeling import queue


class Bells:
    """What would have rung."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, int]] = []

    def ring(self, capability: str, *, times: int = 1) -> None:
        self.rung.append((capability, times))


@pytest.fixture(autouse=True)
def bells(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Bells:
    """Tests of rows hear no bells; tests with a ``valkey`` ring real ones."""
    heard = Bells()
    monkeypatch.setattr(settings, "SCRIPTED_BACKEND", True)
    if "valkey" not in request.fixturenames:
        monkeypatch.setattr(queue, "ring", heard.ring)
    return heard

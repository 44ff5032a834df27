"""The lane's tests: a real Valkey, wiped before each test, and a real video."""

from __future__ import annotations

from pathlib import Path

import pytest
from rest_framework.test import APIClient

from labeling.models import Project, Task, User
from tests.engine.clips import clip_task
from tests.servers import ValkeyServer


@pytest.fixture(autouse=True)
def lane(valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty lane. Workers that a test announces by itself live as long as it does."""
    valkey.wipe()
    monkeypatch.setattr("labeling.lane.live.ALIVE_SECONDS", 600.0)


@pytest.fixture
def clip(project: Project, tmp_path: Path) -> Task:
    """The task of a video of a file."""
    return clip_task(project, tmp_path)


@pytest.fixture
def bob_client(bob: User) -> APIClient:
    """The annotator's."""
    client = APIClient()
    client.force_login(bob)
    return client

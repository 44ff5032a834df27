"""The lane's tests: a real Valkey, wiped before each test, and a real video that is read once."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from rest_framework.test import APIClient

from labeling.media.configured import media_limits, media_storage
from labeling.media.probe import ProbeResult, probe_file
from labeling.media.storage import file_sha256
from labeling.models import Media, MediaFrames, MediaKind, MediaState, Project, Task, User
from tests.clips.kinds import make_clip
from tests.factories import make_task
from tests.servers import ValkeyServer


@dataclass(frozen=True)
class Film:
    """A video in the store, and what reading it told."""

    sha256: str
    size_bytes: int
    probed: ProbeResult


@pytest.fixture(autouse=True)
def lane(valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty lane. Workers that a test announces by itself live as long as it does."""
    valkey.wipe()
    monkeypatch.setattr("labeling.lane.live.ALIVE_SECONDS", 600.0)


@pytest.fixture(scope="session")
def film(data_dir: object, tmp_path_factory: pytest.TempPathFactory) -> Film:
    """A video of a file."""
    path = make_clip("constant_rate", tmp_path_factory.mktemp("film")).path
    sha256 = file_sha256(path)
    media_storage().put_file(path, key=f"lane/{sha256}")
    return Film(sha256, path.stat().st_size, probe_file(path, limits=media_limits(), name=path.name))


@pytest.fixture
def clip(project: Project, film: Film) -> Task:
    """The task of the film, which is as the reader of uploads leaves it."""
    told = film.probed
    media = Media.objects.create(
        project=project,
        title="film",
        kind=MediaKind.VIDEO,
        state=MediaState.READY,
        storage_key=f"lane/{film.sha256}",
        sha256=film.sha256,
        size_bytes=film.size_bytes,
        width=told.width,
        height=told.height,
        frame_count=told.frame_count,
    )
    assert told.table is not None
    MediaFrames.objects.create(media=media, table=told.table.to_bytes())
    return make_task(media=media)


@pytest.fixture
def bob_client(bob: User) -> APIClient:
    """The annotator's."""
    client = APIClient()
    client.force_login(bob)
    return client

"""What every test may ask for: a data folder, the real servers, and a cast of people."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from labeling import queue
from labeling.lane.store import store
from labeling.models import Media, Project, Role, Task, User
from tests import factories
from tests.needs import needed
from tests.postgres import postgres_running
from tests.servers import S3Server, ValkeyServer, moto_running, nanio_running

pytest_plugins = ["tests.engines"]


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A folder for the whole run, with a path short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="labelyard-tests-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture(scope="session", autouse=True)
def data_dir(scratch: Path) -> Iterator[Path]:
    """The data folder of this run, for this process and for those that it starts."""
    folder = scratch / "data"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LABELYARD_DATA", str(folder))
        patch.setattr(settings, "DATA_DIR", folder)
        patch.setattr(settings, "MEDIA_DIR", folder / "media")
        patch.setattr(settings, "CACHE_DIR", folder / "cache")
        patch.setattr(settings, "STATIC_ROOT", folder / "static")
        # Tests ask faster than people do; those of the rate set one.
        patch.setattr(settings, "RATE_LIMIT", "")
        # Hashing a password slowly on purpose is nothing that these tests are about.
        patch.setattr(settings, "PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"])
        yield folder


@pytest.fixture(scope="session")
def django_db_modify_db_settings(data_dir: Path, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite in a file, as in use: other processes see it, and its locks are the real ones."""
    if connection.vendor == "sqlite":
        name = os.environ.get("LABELYARD_TEST_DATABASE") or str(data_dir / "labelyard.sqlite3")
        database: dict[str, Any] = settings.DATABASES["default"]
        database["TEST"] = {**(database.get("TEST") or {}), "NAME": name}


@pytest.fixture(scope="session")
def valkey(data_dir: Path) -> Iterator[ValkeyServer]:
    """A real Valkey of this run; ``REDIS_URL`` points at it in settings and environment."""
    server = ValkeyServer(data_dir / "valkey")
    with needed("Valkey"):
        server.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDIS_URL", server.url)
        patch.setattr(settings, "REDIS_URL", server.url)
        forget_broker()
        yield server
    server.stop()
    forget_broker()


def forget_broker() -> None:
    """Make the doorbell and the lane connect anew, to where ``REDIS_URL`` points now."""
    queue.sender.cache_clear()
    queue.broker.cache_clear()
    store.cache_clear()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL of this run, for tests that start processes on it."""
    with (
        tempfile.TemporaryDirectory(prefix="labelyard-pg-", ignore_cleanup_errors=True) as name,
        ExitStack() as stack,
    ):
        with needed("PostgreSQL"):
            url = stack.enter_context(postgres_running(Path(name)))
        yield url


@pytest.fixture(scope="session")
def moto_server(scratch: Path) -> Iterator[S3Server]:
    """An S3 server that knows most calls and checks no signature."""
    with ExitStack() as stack:
        with needed("moto"):
            server = stack.enter_context(moto_running(scratch))
        yield server


@pytest.fixture(scope="session")
def nanio_server(scratch: Path) -> Iterator[S3Server]:
    """An S3 server that checks signatures and their expiry."""
    with ExitStack() as stack:
        with needed("nanio"):
            server = stack.enter_context(nanio_running(scratch))
        yield server


@pytest.fixture(autouse=True)
def one_writer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that is one transaction has no heartbeat: on SQLite the thread of it would wait for its end."""
    marker = request.node.get_closest_marker("django_db")
    committed = marker is not None and marker.kwargs.get("transaction", False)
    if not committed and "transactional_db" not in request.fixturenames:
        monkeypatch.setattr(settings, "HEARTBEAT_SECONDS", 3600.0)


@pytest.fixture
def environment(valkey: ValkeyServer, data_dir: Path, transactional_db: None) -> dict[str, str]:
    """The environment of a child process that works on this test's database and queue."""
    return child_environment(valkey, data_dir)


def child_environment(valkey: ValkeyServer, data_dir: Path) -> dict[str, str]:
    """What a process needs to know of the database and queue of this run."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        address = f"sqlite:///{name}"
    else:
        address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    return {
        **os.environ,
        "DATABASE_URL": address,
        "REDIS_URL": valkey.url,
        "LABELYARD_DATA": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "labeling.settings",
    }


@pytest.fixture
def project(db: None) -> Project:
    """A project whose ontology has a class of each of the seven shapes."""
    return factories.make_project()


@pytest.fixture
def alice(project: Project) -> User:
    """The manager of the project."""
    return factories.make_member(project=project, username="alice", role=Role.MANAGER)


@pytest.fixture
def bob(project: Project) -> User:
    """An annotator of the project."""
    return factories.make_member(project=project, username="bob", role=Role.ANNOTATOR)


@pytest.fixture
def rita(project: Project) -> User:
    """A reviewer of the project."""
    return factories.make_member(project=project, username="rita", role=Role.REVIEWER)


@pytest.fixture
def victor(project: Project) -> User:
    """A viewer of the project."""
    return factories.make_member(project=project, username="victor", role=Role.VIEWER)


@pytest.fixture
def charlie(db: None) -> User:
    """Somebody who is signed in and no member of the project."""
    return factories.make_user(username="charlie")


@pytest.fixture
def media(project: Project) -> Media:
    """A video of 100 frames, 640 by 360, ready; without a file behind it."""
    return factories.make_media(project=project)


@pytest.fixture
def task(media: Media) -> Task:
    """The task of the whole video, in the stage of annotation."""
    return factories.make_task(media=media)

"""A database and a queue of its own for a measurement: real servers in a folder that goes away."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from labeling.stack.environment import ONE_THREAD
from tests.postgres import postgres_running
from tests.servers import ValkeyServer

DATABASES = ("sqlite", "postgresql")


@contextmanager
def rig(database: str, *, lasting: bool = False) -> Iterator[dict[str, str]]:
    """Give the environment of processes that work on a fresh, migrated database and a fresh queue.

    ``lasting``: PostgreSQL waits for the disk at each commit, as it does where it is relied on.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="labelyard-rig-")))
        data = folder / "data"
        data.mkdir()
        valkey = ValkeyServer(folder / "valkey")
        valkey.start()
        stack.callback(valkey.stop)
        if database == "postgresql":
            servers = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="labelyard-pg-")))
            url = stack.enter_context(postgres_running(servers, lasting=lasting))
        else:
            url = f"sqlite:///{data / 'labelyard.sqlite3'}"
        environment = {
            **ONE_THREAD,
            **os.environ,
            "DATABASE_URL": url,
            "REDIS_URL": valkey.url,
            "LABELYARD_DATA": str(data),
            "LABELYARD_SCRIPTED_BACKEND": "1",
            "LABELYARD_LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "labeling.settings",
        }
        django(environment, "migrate", "--verbosity", "0")
        yield environment


def django(environment: dict[str, str], *words: str) -> None:
    """Run a management command."""
    subprocess.run([sys.executable, "-m", "django", *words], env=environment, check=True)


def run_module(environment: dict[str, str], module: str, *words: str) -> int:
    """Run one of our modules in a process whose settings are those of ``environment``."""
    return subprocess.run([sys.executable, "-m", module, *words], env=environment, check=False).returncode

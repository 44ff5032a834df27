"""Registering 100,000 keys of a bucket: rate and memory; and the first frame of an object that lies there."""

from __future__ import annotations

from tools import ready  # noqa: F401

# isort: split
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from django.conf import settings

from labeling.media.s3.client import s3_client
from labeling.models import Connection, Media, Project
from labeling.selectors.connections import connection_options
from labeling.services.connections import Keys, connection_create
from labeling.services.listings import ListingOrder, listing_create
from tests.buckets import NAME
from tests.clips.kinds import make_clip
from tests.factories import make_project
from tools.bench.lines import figure, median
from workers import listing as listing_worker
from workers.frames import open_media
from workers.probing import probe_next

KEYS = 100_000
FEW = 10_000
OBJECT_BYTES = 64 << 20
TIMES = 5
MIB = 1 << 20


@contextmanager
def served(keys: int, *files: Path) -> Iterator[str]:
    """Give the address of a bucket in another process."""
    command = [sys.executable, "-m", "tools.bench.bucket_server", str(keys), *map(str, files)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        yield server.stdout.readline().strip()
        server.stdin.close()


def connect(project: Project, url: str) -> Connection:
    return connection_create(
        user=None,
        project=project,
        name=url,
        bucket=NAME,
        endpoint=url,
        region="us-east-1",
        path_style=True,
        keys=Keys("an access key", "its secret"),
    )


def listed(connection: Connection) -> dict[int, int]:
    """List the bucket to the end; return the resident bytes of this process by keys seen."""
    listing_worker.TURN_SECONDS = 0.0  # a turn a page, so that memory can be looked at
    listing = listing_create(user=None, connection=connection, order=ListingOrder())
    resident: dict[int, int] = {}
    while listing_worker.list_next():
        listing.refresh_from_db()
        resident.setdefault(listing.seen, psutil.Process().memory_info().rss)
    assert listing.state == "succeeded", listing.error
    return resident


def register(database: str) -> None:
    """Register all keys, then list them once more, when nothing is new."""
    with served(KEYS) as url:
        connection = connect(make_project(), url)
        memory: list[dict[int, int]] = []
        for name in ("registered", "known"):
            started = time.monotonic()
            memory.append(listed(connection))
            figure(f"buckets_keys_{name}_{database}", KEYS / (time.monotonic() - started), "keys/s")
    assert Media.objects.filter(connection=connection).count() == KEYS
    few, many = memory[0][FEW], memory[0][KEYS]
    figure(f"buckets_memory_{database}", many / MIB, "MiB", ratio=many / few, reference=f"{FEW:,} keys")


def padded_clip(folder: Path) -> Path:
    """A video that ends with so much free space as makes it large: an MP4 box that players pass over."""
    path = make_clip("constant_rate", folder).path
    spare = OBJECT_BYTES - path.stat().st_size
    with path.open("ab") as file:
        file.write(spare.to_bytes(4, "big") + b"free" + bytes(spare - 8))
    return path


def first_frame(media: Media) -> float:
    """Return the seconds until the first frame of the media is decoded."""
    started = time.monotonic()
    with open_media(media) as frames:
        frames.reach(0)
    return time.monotonic() - started


def empty_cache() -> None:
    for path in (settings.CACHE_DIR / "media").rglob("*"):
        if path.is_file() and not path.name.startswith("."):
            path.unlink()


def fetch() -> None:
    """The first frame from a cold and a warm cache, beside boto3's own download of the same object."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with served(0, padded_clip(folder)) as url:
            connection = connect(make_project(name="Fetching"), url)
            listed(connection)
            assert probe_next()
            media = Media.objects.get(connection=connection)
            assert media.state == "ready", media.error
            client = s3_client(connection_options(connection))
            cold, warm, plain = [], [], []
            for _ in range(TIMES):
                empty_cache()
                cold.append(first_frame(media))
                warm.append(first_frame(media))
                started = time.monotonic()
                client.download_file(NAME, media.storage_key, str(folder / "plain"))
                plain.append(time.monotonic() - started)
    reference = median(plain)
    figure("buckets_download_boto3_64_mib", reference, "s")
    for name, times in (("cold", cold), ("warm", warm)):
        seconds = median(times)
        figure(
            f"buckets_first_frame_{name}",
            seconds,
            "s",
            ratio=seconds / reference,
            reference="boto3's download",
        )


def main() -> None:
    settings.PRIVATE_ENDPOINTS = True
    database = sys.argv[1]
    if database == "sqlite":
        fetch()
    register(database)


if __name__ == "__main__":
    main()

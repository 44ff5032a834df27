"""Fetching from a bucket that breaks off, stalls, lies or changes; and onto a disk that fills."""

from __future__ import annotations

import hashlib
import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from labeling.media.diskcache import DiskCache
from labeling.media.errors import StorageError
from labeling.media.s3 import S3Options, S3Storage, fetch
from labeling.media.s3 import client as s3_client_room
from tests.buckets import NAME, Request, StrangeBucket, strange_bucket

DATA = hashlib.sha256(b"seed").digest() * (3 << 13)  # 768 KiB


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[StrangeBucket]:
    monkeypatch.setattr(fetch, "PART_BYTES", 1 << 18)
    monkeypatch.setattr(fetch, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(s3_client_room, "READ_SECONDS", 0.5)
    with strange_bucket(StrangeBucket(objects={"a": DATA})) as served:
        yield served


@pytest.fixture
def cache(tmp_path: Path) -> DiskCache:
    return DiskCache(tmp_path / "cache", max_bytes=32 << 20)


def store(bucket: StrangeBucket, cache: DiskCache) -> S3Storage:
    return S3Storage(
        S3Options(
            NAME,
            endpoint=bucket.url,
            region="us-east-1",
            path_style=True,
            access_key="k",
            secret_key="s",
            attempts=1,
        ),
        cache=cache,
    )


def is_read(request: Request) -> bool:
    return request.command == "GET" and request.key == "a"


def begun(request: Request, length: int) -> None:
    """Answer with the head of a whole range, and with ``length`` bytes of its body."""
    first, last = (int(number) for number in request.headers["Range"].removeprefix("bytes=").split("-"))
    request.send_response(206)
    request.send_header("Content-Length", str(last - first + 1))
    request.send_header("Content-Range", f"bytes {first}-{last}/{len(DATA)}")
    request.end_headers()
    request.wfile.write(DATA[first : first + length])
    request.wfile.flush()


def breaks_off(request: Request) -> bool:
    if is_read(request):
        begun(request, 1000)
        request.close_connection = True
    return is_read(request)


def stalls(request: Request) -> bool:
    if is_read(request):
        begun(request, 1000)
        request.rfile.read(1)  # until the client gives up
        request.close_connection = True
    return is_read(request)


def test_a_connection_that_breaks_off_is_taken_up_where_it_was(
    bucket: StrangeBucket, cache: DiskCache
) -> None:
    bucket.faults.extend([lambda request: False, breaks_off, breaks_off])
    progress: list[int] = []
    digest = hashlib.sha256(DATA).hexdigest()
    with store(bucket, cache).local_path("a", sha256=digest, progress=progress.append) as path:
        assert path.read_bytes() == DATA
    assert progress[-1] == len(DATA)
    assert len([line for line in bucket.requests if line.startswith("GET")]) == 5


@pytest.mark.parametrize("fault", [breaks_off, stalls])
def test_a_bucket_that_never_sends_it_all_ends_with_a_sentence(
    bucket: StrangeBucket, cache: DiskCache, fault: Callable[[Request], bool]
) -> None:
    bucket.always = fault
    with pytest.raises(StorageError, match="stopped sending a after") as caught:
        store(bucket, cache).local_path("a").__enter__()
    assert caught.value.code == "unreachable"
    assert cache.used_bytes() == 0


def test_a_trickle_counts_as_stalled(
    bucket: StrangeBucket, cache: DiskCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "FLOOR_SECONDS", 0.2)

    def trickles(request: Request) -> bool:
        if is_read(request):
            begun(request, 0)
            try:
                for _ in range(10_000):
                    request.wfile.write(b"x")
                    request.wfile.flush()
                    request.connection.settimeout(0.05)
                    try:
                        request.connection.recv(1)
                    except TimeoutError:
                        continue
                    break
            except OSError:
                pass
            request.close_connection = True
        return is_read(request)

    bucket.always = trickles
    with pytest.raises(StorageError, match="stopped sending"):
        store(bucket, cache).local_path("a").__enter__()


@pytest.mark.parametrize("claimed", [len(DATA) - 1, len(DATA) + 1, 10, 4 << 20])
def test_a_size_that_is_not_true_is_noticed(bucket: StrangeBucket, cache: DiskCache, claimed: int) -> None:
    bucket.claimed["a"] = claimed
    with pytest.raises(StorageError) as caught:
        store(bucket, cache).local_path("a", sha256=hashlib.sha256(DATA).hexdigest()).__enter__()
    assert caught.value.code == "corrupt"
    assert cache.used_bytes() == 0


def test_an_object_that_changes_while_it_is_fetched_is_not_mixed(
    bucket: StrangeBucket, cache: DiskCache
) -> None:
    def changes(request: Request) -> bool:
        bucket.objects["a"] = DATA[::-1]
        return False

    bucket.faults.extend([lambda request: False, changes])
    with pytest.raises(StorageError) as caught:
        store(bucket, cache).local_path("a").__enter__()
    assert caught.value.code == "changed"


def test_an_object_other_than_the_registered_one_is_not_fetched(
    bucket: StrangeBucket, cache: DiskCache
) -> None:
    registered = bucket.etag("a")
    with store(bucket, cache).local_path("a", etag=registered) as path:
        assert path.read_bytes() == DATA
    bucket.objects["a"] = b"another"
    other = store(bucket, DiskCache(cache.root.parent / "another", max_bytes=1 << 20))
    with pytest.raises(StorageError) as caught:
        other.local_path("a", etag=registered).__enter__()
    assert caught.value.code == "changed"
    assert not [line for line in bucket.requests[4:] if line.startswith("GET")]


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file of this process grows above 300,000 bytes: the system refuses it, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("small_disk")
def test_a_disk_that_fills_ends_with_a_sentence_and_leaves_nothing(
    bucket: StrangeBucket, cache: DiskCache
) -> None:
    with pytest.raises(StorageError, match="disk of the cache is full") as caught:
        store(bucket, cache).local_path("a").__enter__()
    assert caught.value.code == "full"
    assert cache.used_bytes() == 0
    assert list(cache.root.glob(".part-*")) == []

"""One protocol over a folder, a broad S3 server (moto) and a strict one (nanio)."""

from __future__ import annotations

import hashlib
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config

from labeling.media.diskcache import DiskCache
from labeling.media.errors import StorageError
from labeling.media.s3 import S3Options, S3Storage
from labeling.media.storage import LocalStorage, Storage
from tests.servers import S3Server

STORES = ["local", pytest.param("moto", marks=pytest.mark.s3), pytest.param("nanio", marks=pytest.mark.s3)]
SERVERS = [pytest.param("moto", marks=pytest.mark.s3), pytest.param("nanio", marks=pytest.mark.s3)]


def bucket_on(server: S3Server) -> S3Options:
    """Make a bucket of its own."""
    options = S3Options(
        bucket=f"media-{uuid4().hex}",
        prefix="labelyard/",
        endpoint=server.endpoint,
        region=server.region,
        path_style=True,
        access_key=server.access_key,
        secret_key=server.secret_key,
    )
    boto3.session.Session().client(
        "s3",
        endpoint_url=server.endpoint,
        region_name=server.region,
        aws_access_key_id=server.access_key,
        aws_secret_access_key=server.secret_key,
        config=Config(s3={"addressing_style": "path"}),
    ).create_bucket(Bucket=options.bucket)
    return options


@pytest.fixture
def options(request: pytest.FixtureRequest) -> S3Options:
    server: S3Server = request.getfixturevalue(f"{request.param}_server")
    return bucket_on(server)


@pytest.fixture
def cache(tmp_path: Path) -> DiskCache:
    return DiskCache(tmp_path / "cache", max_bytes=32 << 20)


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path, cache: DiskCache) -> Iterator[Storage]:
    if request.param == "local":
        yield LocalStorage(tmp_path / "store")
    else:
        yield S3Storage(bucket_on(request.getfixturevalue(f"{request.param}_server")), cache=cache)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a file"
    path.write_bytes(bytes(range(256)) * 40)
    return path


@pytest.mark.parametrize("store", STORES, indirect=True)
def test_what_is_put_comes_back(store: Storage, file: Path) -> None:
    stored = store.put_file(file, key="media/ab/é 1.mp4", content_type="video/mp4")
    assert (stored.size, stored.sha256) == (10240, hashlib.sha256(file.read_bytes()).hexdigest())
    assert store.exists("media/ab/é 1.mp4")
    assert store.size("media/ab/é 1.mp4") == 10240
    for sha256 in (None, stored.sha256):
        with store.local_path("media/ab/é 1.mp4", sha256=sha256) as path:
            assert path.read_bytes() == file.read_bytes()


@pytest.mark.parametrize("store", STORES, indirect=True)
@pytest.mark.parametrize(("start", "length"), [(0, 1), (0, 10240), (255, 2), (10239, 1), (5, 0)])
def test_a_range_is_just_those_bytes(store: Storage, file: Path, start: int, length: int) -> None:
    store.put_file(file, key="ranged")
    with store.open_range("ranged", start=start, length=length) as pieces:
        assert b"".join(pieces) == file.read_bytes()[start : start + length]


# nanio refuses what reaches over the end, against RFC 9110, 14.1.2.
@pytest.mark.parametrize("store", STORES[:2], indirect=True)
@pytest.mark.parametrize(("start", "length"), [(10000, 99999), (10240, 7)])
def test_a_range_ends_with_the_object(store: Storage, file: Path, start: int, length: int) -> None:
    store.put_file(file, key="ranged")
    with store.open_range("ranged", start=start, length=length) as pieces:
        assert b"".join(pieces) == file.read_bytes()[start:]


@pytest.mark.parametrize("store", STORES, indirect=True)
def test_putting_again_replaces(store: Storage, file: Path) -> None:
    store.put_file(file, key="twice")
    with store.local_path("twice") as path:
        assert path.stat().st_size == 10240
    file.write_bytes(b"new")
    store.put_file(file, key="twice")
    with store.local_path("twice") as path:
        assert path.read_bytes() == b"new"


@pytest.mark.parametrize("store", STORES, indirect=True)
def test_what_is_not_there_is_said_to_be_missing(store: Storage, file: Path) -> None:
    store.put_file(file, key="gone")
    store.delete("gone")
    store.delete("gone")
    assert not store.exists("gone")
    for attempt in (
        lambda: store.size("gone"),
        lambda: store.local_path("gone").__enter__(),
        lambda: store.open_range("gone", start=0, length=5).__enter__(),
    ):
        with pytest.raises(StorageError, match="There is no") as caught:
            attempt()
        assert caught.value.code == "missing"


@pytest.mark.parametrize("store", STORES, indirect=True)
def test_an_empty_file_can_be_stored(store: Storage, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    store.put_file(tmp_path / "empty", key="empty")
    assert store.size("empty") == 0
    with store.local_path("empty") as path:
        assert path.read_bytes() == b""


@pytest.mark.parametrize(
    "key", ["../a", "a/../../b", "/etc/passwd", "a//b", "", "a/./b", "a\nb", "a\0", "x" * 1025]
)
def test_a_key_does_not_leave_the_folder(tmp_path: Path, file: Path, key: str) -> None:
    store = LocalStorage(tmp_path / "store")
    with pytest.raises(StorageError) as caught:
        store.put_file(file, key=key)
    assert caught.value.code == "invalid"


def test_a_folder_serves_no_addresses(tmp_path: Path) -> None:
    assert LocalStorage(tmp_path).url("a", seconds=60) is None


@pytest.mark.parametrize("options", SERVERS, indirect=True)
def test_large_files_go_up_in_parts(options: S3Options, cache: DiskCache, tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(hashlib.sha256(b"x").digest() * (20 << 15))  # 20 MiB: above the size of one part
    store = S3Storage(options, cache=cache)
    stored = store.put_file(large, key="large")
    with store.local_path("large", sha256=stored.sha256) as path:
        assert path.stat().st_size == stored.size == 20 << 20


@pytest.mark.parametrize("options", SERVERS, indirect=True)
def test_many_readers_fetch_an_object_once(options: S3Options, cache: DiskCache, file: Path) -> None:
    store = S3Storage(options, cache=cache)
    stored = store.put_file(file, key="shared")
    fetched: list[int] = []
    found: list[int] = []

    def read() -> None:
        other = S3Storage(options, cache=DiskCache(cache.root, max_bytes=cache.max_bytes))
        with other.local_path("shared", sha256=stored.sha256, progress=fetched.append) as path:
            found.append(path.stat().st_size)

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [10240] * 6
    assert fetched == [10240]


@pytest.mark.parametrize("options", SERVERS, indirect=True)
def test_an_object_that_is_not_the_registered_one_is_refused(
    options: S3Options, cache: DiskCache, file: Path
) -> None:
    store = S3Storage(options, cache=cache)
    store.put_file(file, key="changed")
    with pytest.raises(StorageError, match="not the file that was registered"):
        store.local_path("changed", sha256="0" * 64).__enter__()
    assert cache.used_bytes() == 0


@pytest.mark.parametrize("options", SERVERS, indirect=True)
def test_a_fetch_can_be_stopped(options: S3Options, cache: DiskCache, file: Path) -> None:
    store = S3Storage(options, cache=cache)
    store.put_file(file, key="stopped")

    def stop(_: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        store.local_path("stopped", progress=stop).__enter__()
    assert cache.used_bytes() == 0


@pytest.mark.parametrize("options", SERVERS, indirect=True)
def test_an_object_larger_than_the_cache_is_refused(options: S3Options, tmp_path: Path, file: Path) -> None:
    store = S3Storage(options, cache=DiskCache(tmp_path / "small", max_bytes=5000))
    store.put_file(file, key="too-large")
    with pytest.raises(StorageError) as caught:
        store.local_path("too-large").__enter__()
    assert caught.value.code == "full"


@pytest.mark.parametrize("options", SERVERS, indirect=True)
def test_a_bucket_that_does_not_exist_is_named(options: S3Options, cache: DiskCache, file: Path) -> None:
    store = S3Storage(replace(options, bucket="no-such-bucket"), cache=cache)
    with pytest.raises(StorageError, match="no-such-bucket") as caught:
        store.put_file(file, key="a")
    assert caught.value.code == "missing"


ATTEMPTS: dict[str, Callable[[S3Storage, Path], object]] = {
    "put": lambda store, file: store.put_file(file, key="a"),
    "size": lambda store, _: store.size("a"),
    "exists": lambda store, _: store.exists("a"),
    "fetch": lambda store, _: store.local_path("a").__enter__(),
    "range": lambda store, _: store.open_range("a", start=0, length=1).__enter__(),
    "delete": lambda store, _: store.delete("a"),
}


@pytest.mark.s3
@pytest.mark.parametrize("attempt", ATTEMPTS)
@pytest.mark.parametrize("options", ["nanio"], indirect=True)
def test_a_bucket_that_denies_is_named(
    options: S3Options, cache: DiskCache, file: Path, attempt: str
) -> None:
    store = S3Storage(replace(options, secret_key="wrong"), cache=cache)
    with pytest.raises(StorageError, match=f"{options.bucket} denies access") as caught:
        ATTEMPTS[attempt](store, file)
    assert caught.value.code == "denied"
    assert "wrong" not in str(caught.value)


@pytest.mark.s3
@pytest.mark.parametrize("options", ["nanio"], indirect=True)
def test_a_signed_address_serves_the_object_and_nothing_else(
    options: S3Options, cache: DiskCache, file: Path
) -> None:
    store = S3Storage(options, cache=cache)
    store.put_file(file, key="signed")
    address = store.url("signed", seconds=60)
    assert address is not None
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - an address of our own server
        assert answer.read() == file.read_bytes()
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(address.replace("signed", "other"))  # noqa: S310


def test_a_store_that_does_not_answer_is_named(cache: DiskCache) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound but not listening: every connection is refused
        port = closed.getsockname()[1]
    options = S3Options(
        bucket="away",
        endpoint=f"http://127.0.0.1:{port}",
        region="us-east-1",
        access_key="a",
        secret_key="b",
    )
    with pytest.raises(StorageError, match="cannot be reached") as caught:
        S3Storage(options, cache=cache).size("a")
    assert caught.value.code == "unreachable"


def test_secrets_are_not_shown() -> None:
    assert "hidden" not in repr(
        S3Options(bucket="b", access_key="a", secret_key="hidden", session_token="hidden")
    )

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from labeling.media.diskcache import DiskCache
from labeling.media.errors import StorageError


def bytes_on_disk(root: Path) -> int:
    return sum(path.stat().st_size for path in root.rglob("*") if path.is_file() and path.name[0] != ".")


def test_a_file_is_found_again(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path, max_bytes=100)
    path = cache.put("ab/one", b"x" * 40)
    assert path.read_bytes() == b"x" * 40
    assert cache.get("ab/one") == path
    assert cache.get("ab/two") is None
    assert cache.get("ab/one/below") is None


def test_the_least_recently_used_files_go_first(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path, max_bytes=100)
    for place, name in enumerate("abcd"):
        os.utime(cache.put(name, b"x" * 20), (place, place))
    cache.get("a")
    cache.put("e", b"x" * 40)
    assert [name for name in "abcde" if cache.get(name)] == ["a", "d", "e"]
    assert cache.used_bytes() == bytes_on_disk(tmp_path) <= 100


def test_replacing_a_file_counts_it_once(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path, max_bytes=100)
    cache.put("a", b"x" * 40)
    cache.put("a", b"y" * 30)
    assert cache.used_bytes() == 30


def test_removing_gives_the_bytes_back(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path, max_bytes=100)
    for name in ("media/1", "media/2", "other"):
        cache.put(name, b"x" * 20)
    cache.remove("media")
    cache.remove("nothing")
    assert cache.used_bytes() == 20
    assert cache.get("media/1") is None


def test_a_file_that_is_written_only_half_never_appears(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path, max_bytes=100)

    def write_half() -> None:
        with cache.part("a", size=50) as part:
            part.write_bytes(b"x" * 20)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    assert cache.get("a") is None
    assert cache.used_bytes() == 0
    assert bytes_on_disk(tmp_path) == 0


def test_a_pinned_file_is_not_evicted(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path, max_bytes=100)
    cache.put("kept", b"x" * 60)
    with cache.pinned("kept") as path:
        assert path is not None
        with pytest.raises(StorageError, match="in use") as caught:
            cache.put("large", b"x" * 60)
        assert caught.value.code == "full"
        assert path.exists()
    cache.put("large", b"x" * 60)
    assert cache.get("kept") is None


def test_a_file_larger_than_the_cache_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="do not fit"):
        DiskCache(tmp_path, max_bytes=100).put("a", b"x" * 101)


def _fill(root: str, number: int) -> None:
    cache = DiskCache(Path(root), max_bytes=20_000)
    for place in range(150):
        name = f"{place % 7}/{number}-{place}"
        data = bytes([number]) * (100 + place)
        try:
            cache.put(name, data)
        except StorageError:
            continue
        path = cache.get(f"{(place * 5) % 7}/{(number + 1) % 4}-{(place * 5) % 150}")
        if path is not None:
            try:
                found = path.read_bytes()
            except FileNotFoundError:
                continue
            assert len(set(found)) == 1
            assert len(found) >= 100


def test_several_processes_keep_the_cap_together(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_fill, args=(str(tmp_path), number)) for number in range(4)]
    for worker in workers:
        worker.start()
    most = 0
    while any(worker.is_alive() for worker in workers):
        files = [path for path in tmp_path.rglob("*") if path.name[0] != "."]
        most = max(most, sum(_size(path) for path in files))
        workers[0].join(0.01)
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    assert most <= 20_000
    cache = DiskCache(tmp_path, max_bytes=20_000)
    assert cache.used_bytes() == bytes_on_disk(tmp_path)


def _size(path: Path) -> int:
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0
    return found.st_size if path.is_file() else 0


def _die_while_writing(root: str) -> None:
    with DiskCache(Path(root), max_bytes=1000).part("a", size=900) as part:
        part.write_bytes(b"x" * 500)
        os.kill(os.getpid(), signal.SIGKILL)


def test_what_a_killed_writer_left_is_cleared(tmp_path: Path) -> None:
    writer = multiprocessing.get_context("spawn").Process(target=_die_while_writing, args=(str(tmp_path),))
    writer.start()
    writer.join()
    cache = DiskCache(tmp_path, max_bytes=1000)
    cache.put("b", b"x" * 800)
    assert cache.used_bytes() == 800
    assert list(tmp_path.glob(".part-*")) == []

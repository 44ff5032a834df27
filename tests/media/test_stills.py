from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from labeling.media.errors import FrameUnreadable, MediaRefused, StorageError
from labeling.media.limits import CacheLimits, MediaLimits
from labeling.media.stillboard import still_name
from labeling.media.stills import Stills, StillSource
from tests.clips import KINDS, draw_number, read_number
from tests.clips.encoding import picture_bytes
from tests.media.conftest import Prober

LIMITS = MediaLimits()
Maker = Callable[..., Stills]


@pytest.fixture
def stills(tmp_path: Path) -> Iterator[Maker]:
    """Return a function that makes stills, which are closed at the end."""
    made: list[Stills] = []

    def make(**shares: float) -> Stills:
        limits = replace(CacheLimits(), **shares)  # type: ignore[arg-type]
        made.append(Stills(tmp_path / "stills", cache=limits, limits=LIMITS))
        return made[-1]

    yield make
    for one in made:
        one.close()


def number_in(path: Path) -> int | None:
    with Image.open(path) as image:
        assert image.format == "JPEG"
        return read_number(np.asarray(image))


@pytest.mark.parametrize("kind", KINDS)
def test_stills_show_the_right_frames(kind: str, probed: Prober, stills: Maker) -> None:
    media = probed(kind)
    service = stills()
    with media.open() as reader:
        wanted = {frame: read_number(reader.read_rgb(frame)) for frame in range(len(reader))}
    order = [*range(50, 0, -9), 0, 41, 33, 58]
    frames = [frame for frame in order if frame in wanted and not media.table.is_damaged(frame)]
    assert [number_in(service.still_path(media.source, frame=frame)) for frame in frames] == [
        wanted[frame] for frame in frames
    ]


def test_many_requests_at_once_are_answered_by_few_children(probed: Prober, stills: Maker) -> None:
    service = stills(children=2)
    kinds = ["constant_rate", "open_gop", "matroska", "webm", "rotated"]
    children: set[int] = set()
    numbers: dict[tuple[str, int], int | None] = {}

    def ask(kind: str, frame: int) -> None:
        numbers[kind, frame] = number_in(service.still_path(probed(kind).source, frame=frame))
        pids = service.child_pids()
        assert len(pids) <= 2
        children.update(pids)

    for kind in kinds:
        probed(kind)
    threads = [
        threading.Thread(target=ask, args=(kind, frame)) for frame in range(0, 60, 4) for kind in kinds
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers == {(kind, frame): frame for kind in kinds for frame in range(0, 60, 4)}
    # A child serves a file for a turn: far fewer children than requests.
    assert len(children) <= 20


def test_requests_for_the_same_still_share_one_answer(probed: Prober, stills: Maker) -> None:
    service = stills()
    source = probed("open_gop").source
    futures = [service.request(source, frame=20) for _ in range(50)]
    assert len({id(future) for future in futures}) < 50
    assert len({future.result() for future in futures}) == 1


def test_a_requested_still_brings_its_window(probed: Prober, stills: Maker) -> None:
    service = stills(window=16)
    source = probed("constant_rate").source
    service.still_path(source, frame=20)
    service.still_path(source, frame=59)  # orders go first, so wait for what lies ahead of this one
    service.close()
    present = [frame for frame in range(60) if service.cached(source.key, frame=frame)]
    assert 20 in present
    assert set(present) <= {*range(16, 32), *range(48, 60)}


def test_the_whole_window_is_there_after_a_while(probed: Prober, stills: Maker) -> None:
    service = stills(window=16, idle_seconds=0.2)
    source = probed("constant_rate").source
    service.still_path(source, frame=20)
    while service.child_pids():
        threading.Event().wait(0.02)
    assert [frame for frame in range(60) if service.cached(source.key, frame=frame)] == list(range(16, 32))


def test_narrow_stills_are_scaled_and_wide_ones_are_not(probed: Prober, stills: Maker) -> None:
    service = stills()
    source = probed("wide_pixels").source
    sizes = {}
    for width in (None, 120, 1, 240, 5000):
        with Image.open(service.still_path(source, frame=9, width=width)) as image:
            sizes[width] = image.size
    assert sizes == {None: (240, 128), 120: (120, 64), 1: (16, 9), 240: (240, 128), 5000: (240, 128)}
    full = service.cached(source.key, frame=9)
    assert full == service.still_path(source, frame=9, width=5000)


def test_a_cached_still_needs_no_child(probed: Prober, stills: Maker) -> None:
    first = stills()
    source = probed("constant_rate").source
    path = first.still_path(source, frame=3)
    written = path.read_bytes()
    first.close()
    second = stills()
    assert second.still_path(source, frame=3) == path
    assert path.read_bytes() == written
    assert second.child_pids() == []


def test_an_image_has_one_still(tmp_path: Path, stills: Maker) -> None:
    path = tmp_path / "image"
    path.write_bytes(picture_bytes(draw_number(99, width=101, height=75), form="PNG"))
    source = StillSource(key="image", path=path, kind="image", table=None, width=101, height=75)
    assert number_in(stills().still_path(source, frame=0)) == 99


@pytest.mark.parametrize("frame", [-1, 60])
def test_a_frame_outside_the_media_is_refused(frame: int, probed: Prober, stills: Maker) -> None:
    with pytest.raises(FrameUnreadable, match="There is no frame"):
        stills().still_path(probed("constant_rate").source, frame=frame)


def test_a_file_that_is_gone_is_refused_for_all_who_wait(
    probed: Prober, tmp_path: Path, stills: Maker
) -> None:
    service = stills()
    source = replace(probed("constant_rate").source, key="gone", path=tmp_path / "gone.mp4")
    futures = [service.request(source, frame=frame) for frame in range(5)]
    for future in futures:
        with pytest.raises((FrameUnreadable, MediaRefused)):
            future.result()


def test_a_child_that_dies_fails_its_frame_and_is_replaced(probed: Prober, stills: Maker) -> None:
    service = stills(window=1)
    source = probed("constant_rate").source
    service.still_path(source, frame=0)
    for pid in service.child_pids():
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(FrameUnreadable, match="Frame 7 could not be decoded"):
        service.still_path(source, frame=7)
    assert number_in(service.still_path(source, frame=7)) == 7


def test_stills_can_be_awaited(probed: Prober, stills: Maker) -> None:
    service = stills()
    source = probed("b_frames").source

    async def ask() -> list[Path]:
        requests = [service.still_path_async(source, frame=frame) for frame in range(0, 60, 3)]
        return await asyncio.gather(*requests)

    assert [number_in(path) for path in asyncio.run(ask())] == list(range(0, 60, 3))


def test_one_client_that_goes_away_takes_nothing_from_the_others(probed: Prober, stills: Maker) -> None:
    service = stills()
    source = probed("b_frames").source

    async def ask() -> Path:
        impatient = asyncio.create_task(service.still_path_async(source, frame=30))
        patient = asyncio.create_task(service.still_path_async(source, frame=30))
        await asyncio.sleep(0)
        impatient.cancel()
        return await patient

    assert number_in(asyncio.run(ask())) == 30


def test_an_idle_child_is_ended(probed: Prober, stills: Maker) -> None:
    service = stills(idle_seconds=0.1, window=1)
    service.still_path(probed("constant_rate").source, frame=1)
    (pid,) = service.child_pids()
    while psutil.pid_exists(pid):
        threading.Event().wait(0.02)
    assert service.child_pids() == []
    assert number_in(service.still_path(probed("constant_rate").source, frame=2)) == 2


def bytes_kept(folder: Path) -> int:
    """Bytes of the stills in ``folder``; one that the cache removes while we look counts nothing."""
    total = 0
    for path in folder.rglob("*.jpg"):
        with suppress(FileNotFoundError):
            total += path.stat().st_size
    return total


def test_the_cache_keeps_its_cap(probed: Prober, stills: Maker, tmp_path: Path) -> None:
    cap = 30_000
    # Windows small enough that the neighbours of a still cannot push it out before it is read.
    service = stills(max_bytes=cap, window=4)
    source = probed("constant_rate").source
    for frame in [*range(60), *range(0, 60, 2)]:
        assert number_in(service.still_path(source, frame=frame)) == frame
        assert bytes_kept(tmp_path / "stills") <= cap


def test_closing_answers_those_who_wait(probed: Prober, stills: Maker) -> None:
    service = stills(children=1)
    futures = [service.request(probed("open_gop").source, frame=frame) for frame in range(60)]
    service.close()
    assert all(future.done() for future in futures)
    # Not as a fault of the frame: the next one who asks gets it.
    assert {type(error) for future in futures if (error := future.exception())} <= {StorageError}
    assert service.child_pids() == []
    with pytest.raises(RuntimeError):
        service.still_path(probed("rotated").source, frame=0)


def test_names_of_stills_stay_inside_the_cache() -> None:
    name = still_name("../../etc/passwd", frame=1, width=None)
    assert ".." not in name
    assert name.endswith("/full/0/1.jpg")


PARENT = """
import sys
from pathlib import Path
from labeling.media.frametable import FrameTable
from labeling.media.limits import CacheLimits, MediaLimits
from labeling.media.stills import Stills, StillSource
path, table, cache = map(Path, sys.argv[1:])
source = StillSource("key", path, "video", FrameTable.from_bytes(table.read_bytes()), 160, 128)
stills = Stills(cache, cache=CacheLimits(), limits=MediaLimits())
stills.still_path(source, frame=0)
print(*stills.child_pids(), flush=True)
sys.stdin.read()
"""


def test_no_child_outlives_a_killed_parent(probed: Prober, tmp_path: Path) -> None:
    media = probed("constant_rate")
    (tmp_path / "table").write_bytes(media.table.to_bytes())
    arguments = [str(media.clip.path), str(tmp_path / "table"), str(tmp_path / "cache")]
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert pids
        children = [psutil.Process(pid) for pid in pids]
        parent.kill()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive


def test_two_services_over_one_cache_answer_everything(probed: Prober, stills: Maker) -> None:
    services = [stills(children=1, window=8) for _ in range(2)]
    wanted = [(kind, frame) for frame in range(0, 60, 5) for kind in ("b_frames", "matroska", "webm")]
    sources = {kind: probed(kind).source for kind, _ in wanted}
    futures = [
        (frame, service.request(sources[kind], frame=frame)) for kind, frame in wanted for service in services
    ]
    assert [number_in(future.result(timeout=60)) for _, future in futures] == [frame for frame, _ in futures]

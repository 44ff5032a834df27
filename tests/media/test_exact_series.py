"""Frame n of a series is the same picture, whichever way it is reached: 0 wrong frames for every kind."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from labeling.media.errors import FrameUnreadable
from labeling.media.kinds import FramesKind, SeriesKind
from labeling.media.limits import CacheLimits, MediaLimits
from labeling.media.picturetable import PictureTable
from labeling.media.probe import ProbeResult, probe_file
from labeling.media.reader import FrameReader, open_frames, table_of
from labeling.media.stills import Stills, StillSource
from tests.clips import read_number
from tests.clips.dicom import dicom_series, multi_frame
from tests.clips.series import SIZES, group_files, sequence_files, zipped

COUNT = 40
SMALL = 200_000
"""Bytes for some three decoded frames: nearly every request has to be decoded."""
SERIES: dict[str, tuple[SeriesKind, Callable[[], bytes]]] = {
    "sequence": ("image_sequence", lambda: zipped(sequence_files(COUNT))),
    "sequence stored": ("image_sequence", lambda: zipped(sequence_files(COUNT), method=0)),
    "group": ("image_group", lambda: zipped(group_files(COUNT))),
    "dicom": ("dicom", lambda: zipped(dicom_series(COUNT))),
    "dicom stored": ("dicom", lambda: zipped(dicom_series(COUNT), method=0)),
    "dicom of one file": ("dicom", lambda: multi_frame(range(COUNT))),
}


@dataclass(frozen=True)
class Series:
    """A series with what the probe says of it; its frames show their ordinals."""

    path: Path
    kind: FramesKind
    result: ProbeResult

    @property
    def table(self) -> PictureTable:
        assert isinstance(self.result.table, PictureTable)
        return self.result.table

    def open(self, **options: int) -> FrameReader:
        size = {"width": self.result.width, "height": self.result.height}
        # Packed and unpacked, as the database keeps it.
        table = table_of(self.table.to_bytes())
        return open_frames(self.path, kind=self.kind, table=table, **size, **options)

    @property
    def source(self) -> StillSource:
        return StillSource(
            self.path.name, self.path, self.kind, self.table, self.result.width, self.result.height
        )


Maker = Callable[[str], Series]


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Maker:
    """Return a function from the name of a series to the probed series."""
    folder: Path = tmp_path_factory.mktemp("series")

    @cache
    def made(name: str) -> Series:
        kind, data = SERIES[name]
        path = folder / name
        path.write_bytes(data())
        return Series(path, kind, probe_file(path, limits=MediaLimits(), series=kind))

    return made


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("frame_bytes", [SMALL, 1 << 28])
def test_frames_show_their_numbers_in_every_order(name: str, frame_bytes: int, series: Maker) -> None:
    forwards = list(range(COUNT))
    shuffled = forwards * 2
    random.Random(name).shuffle(shuffled)
    for order in (forwards, forwards[::-1], shuffled):
        with series(name).open(frame_bytes=frame_bytes) as reader:
            assert len(reader) == COUNT
            assert [read_number(reader.read_rgb(frame)) for frame in order] == order


@pytest.mark.parametrize("name", SERIES)
def test_the_way_to_a_frame_does_not_change_its_picture(name: str, series: Maker) -> None:
    with series(name).open() as reader:
        true = [reader.read_rgb(frame) for frame in range(COUNT)]
    with series(name).open(frame_bytes=SMALL) as reader:
        for frame in [*range(COUNT)[::-1], 3, 30, 3]:
            reader.reach(frame)
            np.testing.assert_array_equal(reader.read_rgb(frame), true[frame])


@pytest.mark.parametrize("name", SERIES)
def test_frames_are_as_large_as_is_said(name: str, series: Maker) -> None:
    with series(name).open() as reader:
        for frame in range(COUNT):
            height, width, _ = reader.read_rgb(frame).shape
            expected = SIZES[frame % 3] if name == "group" else (160, 128)
            assert (width, height) == reader.frame_size(frame) == expected
        largest = (200, 160) if name == "group" else (160, 128)
        assert (reader.width, reader.height) == largest


@pytest.fixture
def stills(tmp_path: Path) -> Iterator[Stills]:
    """Stills that are closed at the end."""
    made = Stills(tmp_path / "stills", cache=CacheLimits(window=4), limits=MediaLimits())
    yield made
    made.close()


@pytest.mark.parametrize("name", SERIES)
def test_stills_show_the_right_frames(name: str, series: Maker, stills: Stills) -> None:
    source = series(name).source
    order = [30, 2, 39, 0, 17, 16, 3, 38]
    met = []
    for frame in order:
        with Image.open(stills.still_path(source, frame=frame)) as image:
            met.append(read_number(np.asarray(image)))
    assert met == order


def test_stills_of_two_windows_are_two(series: Maker, stills: Stills) -> None:
    source = series("dicom").source
    pictures = {}
    for window in (None, (1000.0, 2000.0), (5000.0, 100.0), (-5000.0, 100.0)):
        with Image.open(stills.still_path(source, frame=7, window=window)) as image:
            pictures[window] = np.asarray(image)
    assert read_number(pictures[None]) == 7
    np.testing.assert_array_equal(pictures[None], pictures[1000.0, 2000.0])
    assert pictures[5000.0, 100.0].max() == 0
    assert pictures[-5000.0, 100.0].min() == 255


def test_a_window_means_nothing_to_other_kinds(series: Maker, stills: Stills) -> None:
    with Image.open(stills.still_path(series("group").source, frame=7, window=(1.0, 2.0))) as image:
        assert read_number(np.asarray(image)) == 7


@pytest.mark.parametrize("frame", [-1, COUNT, 10**9])
@pytest.mark.parametrize("name", ["group", "dicom"])
def test_a_frame_outside_the_series_is_unreadable(name: str, frame: int, series: Maker) -> None:
    with series(name).open() as reader, pytest.raises(FrameUnreadable, match="frames 0 to 39"):
        reader.read_rgb(frame)


@pytest.mark.parametrize("name", ["group", "sequence stored", "dicom", "dicom stored"])
def test_a_file_that_changed_is_said_to_have_changed(name: str, series: Maker, tmp_path: Path) -> None:
    one = series(name)
    path = tmp_path / "changed"
    path.write_bytes(bytes(reversed(one.path.read_bytes())))
    size = {"width": one.result.width, "height": one.result.height}
    with (
        open_frames(path, kind=one.kind, table=one.table, **size) as reader,
        pytest.raises(FrameUnreadable, match="Frame 5 cannot be decoded any more"),
    ):
        reader.read_rgb(5)


def test_a_picture_belongs_to_its_caller(series: Maker) -> None:
    with series("sequence").open() as reader:
        reader.read_rgb(3)[:] = 77
        assert read_number(reader.read_rgb(3)) == 3

"""Frame n is the same picture, whichever way it is reached: 0 wrong frames for every kind of clip."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator

import numpy as np
import pytest

from labeling.media.errors import FrameUnreadable, MediaRefused
from labeling.media.picture import RgbImage
from labeling.media.reader import FrameReader, open_frames
from tests.clips import KINDS, read_number
from tests.media.conftest import Prober

WHOLE = [kind for kind in KINDS if not kind.startswith(("damaged", "truncated"))]
BROKEN = [kind for kind in KINDS if kind.startswith(("damaged", "truncated"))]
SMALL = 200_000
"""Bytes for some four decoded frames: nearly every request has to be decoded."""


def digest(picture: RgbImage) -> int:
    return zlib.crc32(picture.tobytes())


def digests(reader: FrameReader, order: list[int]) -> dict[int, set[int]]:
    """Return the fingerprints met for each frame while reading in that order."""
    met: dict[int, set[int]] = {}
    for frame in order:
        met.setdefault(frame, set()).add(digest(reader.read_rgb(frame)))
    return met


@pytest.mark.parametrize("kind", WHOLE)
def test_frames_in_sequence_show_their_numbers(kind: str, probed: Prober) -> None:
    media = probed(kind)
    with media.open() as reader:
        numbers = [read_number(reader.read_rgb(frame)) for frame in range(len(reader))]
    assert numbers == media.clip.numbers


@pytest.mark.parametrize("kind", WHOLE)
@pytest.mark.parametrize("frame_bytes", [SMALL, 1 << 28])
def test_random_frames_show_their_numbers(kind: str, frame_bytes: int, probed: Prober) -> None:
    media = probed(kind)
    assert media.clip.numbers is not None
    order = list(range(len(media.clip.numbers))) * 2
    random.Random(kind).shuffle(order)
    with media.open(frame_bytes=frame_bytes) as reader:
        numbers = [read_number(reader.read_rgb(frame)) for frame in order]
    assert numbers == [media.clip.numbers[frame] for frame in order]


@pytest.mark.parametrize("kind", KINDS)
def test_the_way_to_a_frame_does_not_change_its_picture(kind: str, probed: Prober) -> None:
    media = probed(kind)
    forwards = list(range(len(media.table)))
    shuffled = forwards * 2
    random.Random(kind).shuffle(shuffled)
    with media.open() as reader:
        true = digests(reader, forwards)
    for order in (forwards[::-1], shuffled, forwards[len(forwards) // 2 :] + forwards, forwards[::7]):
        with media.open(frame_bytes=SMALL) as reader:
            met = digests(reader, order)
        assert met == {frame: true[frame] for frame in met}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_not_marked_as_damaged_is_whole(kind: str, probed: Prober) -> None:
    media = probed(kind)
    with media.open() as reader:
        numbers = {
            frame: read_number(reader.read_rgb(frame))
            for frame in range(len(reader))
            if not media.table.is_damaged(frame)
        }
    clean = [number for number in numbers.values() if number is not None]
    assert len(clean) == len(numbers)
    assert clean == sorted(set(clean))
    assert media.result.damaged
    # Before the first damage every frame is there, so the ordinal is the number.
    first = media.result.damaged[0][0]
    assert all(numbers[frame] == frame for frame in range(first))


@pytest.mark.parametrize("kind", BROKEN)
def test_damaged_frames_can_be_read(kind: str, probed: Prober) -> None:
    media = probed(kind)
    with media.open() as reader:
        for first, last in media.result.damaged:
            for frame in range(first, last + 1):
                assert reader.read_rgb(frame).shape == (media.clip.height, media.clip.width, 3)


def test_without_fingerprints_a_false_key_frame_would_mislead(probed: Prober) -> None:
    """The clip is a trap, and it is the fingerprints that keep the reader out of it."""
    media = probed("false_keys")
    assert media.clip.numbers is not None
    blind = type(media.table)(
        pts=media.table.pts,
        keyframe_pts=media.table.keyframe_pts,
        keyframe_dts=media.table.keyframe_dts,
        time_base=media.table.time_base,
    )
    size = {"width": media.result.width, "height": media.result.height}
    with open_frames(media.clip.path, kind="video", table=blind, **size) as reader:
        numbers = [read_number(reader.read_rgb(frame)) for frame in (9, 10, 11, 20, 21, 22)]
    assert numbers != [9, 10, 11, 20, 21, 22]


def test_fingerprints_of_another_decoder_are_left_aside(probed: Prober) -> None:
    media = probed("open_gop")
    table = media.table
    foreign = type(table)(
        pts=table.pts,
        keyframe_pts=table.keyframe_pts,
        keyframe_dts=table.keyframe_dts,
        time_base=table.time_base,
        checks=table.checks ^ np.uint32(0xFFFF),
    )
    size = {"width": media.result.width, "height": media.result.height}
    with open_frames(media.clip.path, kind="video", table=foreign, **size) as reader:
        assert [read_number(reader.read_rgb(frame)) for frame in (40, 13, 14, 2)] == [40, 13, 14, 2]


def test_stepping_backwards_decodes_each_gop_once(probed: Prober) -> None:
    media = probed("b_frames")
    runs: list[int] = []
    with media.open() as reader:
        decoding = reader._decoding  # type: ignore[attr-defined]
        run = decoding.run

        def noted_run(entry: int) -> Iterator[object]:
            runs.append(entry)
            return run(entry)  # type: ignore[no-any-return]

        decoding.run = noted_run
        for frame in reversed(range(len(reader))):
            reader.read_rgb(frame)
    assert runs == [4, 3, 2, 1, 0]


@pytest.mark.parametrize("frame", [-1, 60, 10**9])
def test_a_frame_outside_the_video_is_unreadable(frame: int, probed: Prober) -> None:
    with probed("constant_rate").open() as reader, pytest.raises(FrameUnreadable, match="frames 0 to 59"):
        reader.read_rgb(frame)


def test_a_picture_belongs_to_its_caller(probed: Prober) -> None:
    with probed("constant_rate").open() as reader:
        reader.read_rgb(3)[:] = 77
        assert read_number(reader.read_rgb(3)) == 3


def test_a_file_that_changed_is_said_to_have_changed(probed: Prober) -> None:
    media = probed("constant_rate")
    other = probed("edit_list").clip.path
    size = {"width": media.result.width, "height": media.result.height}
    with (
        open_frames(other, kind="video", table=media.table, **size) as reader,
        pytest.raises(FrameUnreadable, match="Frame 55"),
    ):
        reader.read_rgb(55)


def test_opaque_media_have_no_frames(probed: Prober) -> None:
    with pytest.raises(MediaRefused, match="no frames"):
        open_frames(probed("constant_rate").clip.path, kind="opaque", table=None, width=0, height=0)

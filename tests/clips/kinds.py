"""The kinds of test videos."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np

from tests.clips.broken import (
    damaged,
    damaged_key,
    damaged_matroska,
    damaged_open_gop,
    damaged_stream,
    truncated,
    truncated_matroska,
)
from tests.clips.clip import CLOSED, FRAMES, GOP, OPEN_GOP, Clip
from tests.clips.encoding import (
    Encoding,
    call_keys,
    encode_numbers,
    encode_pictures,
    key_positions,
    trim_start,
    turn_right,
)
from tests.clips.numbers import draw_number


def _plain(folder: Path, name: str, encoding: Encoding) -> Clip:
    path = folder / name
    encode_numbers(path, range(FRAMES), encoding=encoding)
    return Clip(path, list(range(FRAMES)))


def constant_rate(folder: Path) -> Clip:
    """MP4, 25 frames a second, no B-frames."""
    return _plain(folder, "constant.mp4", Encoding(options=CLOSED))


def variable_rate(folder: Path) -> Clip:
    """MP4 whose frames last between 10 and 300 ms."""
    steps = np.random.default_rng(3).integers(10, 300, FRAMES)
    times = np.cumsum(steps).tolist()
    path = folder / "variable.mp4"
    pictures = [draw_number(number, width=160, height=128) for number in range(FRAMES)]
    encode_pictures(path, pictures, encoding=Encoding(options=CLOSED, b_frames=2), times=times)
    return Clip(path, list(range(FRAMES)))


def b_frames(folder: Path) -> Clip:
    """MP4 with three B-frames between references."""
    return _plain(folder, "bframes.mp4", Encoding(options=CLOSED, b_frames=3))


def open_gop(folder: Path) -> Clip:
    """MP4 whose B-frames reach over key frames."""
    return _plain(folder, "opengop.mp4", Encoding(options=OPEN_GOP, b_frames=3))


def open_gop_ts(folder: Path) -> Clip:
    """The same as a transport stream."""
    return _plain(folder, "opengop.ts", Encoding(container="mpegts", options=OPEN_GOP, b_frames=3))


def rotated(folder: Path) -> Clip:
    """MP4 coded 160 x 128 lying on its side; displayed upright as 128 x 160."""
    path = folder / "rotated.mp4"
    pictures = [
        np.ascontiguousarray(np.rot90(draw_number(number, width=128, height=160))) for number in range(FRAMES)
    ]
    encode_pictures(path, pictures, encoding=Encoding(options=CLOSED, b_frames=2))
    turn_right(path)
    return Clip(path, list(range(FRAMES)), width=128, height=160)


def edit_list(folder: Path) -> Clip:
    """MP4 whose edit list starts at frame 17, in the middle of a GOP."""
    path = folder / "editlist.mp4"
    encode_numbers(path, range(FRAMES), encoding=Encoding(options=CLOSED, b_frames=2))
    trim_start(path, seconds=Fraction(17, 25))
    return Clip(path, list(range(17, FRAMES)))


def cut_stream(folder: Path) -> Clip:
    """Transport stream cut in the middle of the second GOP: it starts at the third."""
    path = folder / "cut.ts"
    encode_numbers(path, range(FRAMES), encoding=Encoding(container="mpegts", options=CLOSED, b_frames=2))
    second, third = key_positions(path)[1:3]
    cut = (second + third) // 2 // 188 * 188
    path.write_bytes(path.read_bytes()[cut:])
    return Clip(path, list(range(2 * GOP, FRAMES)))


def cut_inside_packet(folder: Path) -> Clip:
    """The same cut, but not at the start of a transport packet."""
    clip = cut_stream(folder)
    path = folder / "cut_inside.ts"
    path.write_bytes(clip.path.read_bytes()[77:])
    return Clip(path, clip.numbers)


def odd_size(folder: Path) -> Clip:
    """MP4 of 101 x 75 pixels."""
    path = folder / "odd.mp4"
    encoding = Encoding(options=CLOSED, b_frames=2, pixel_format="yuv444p")
    encode_numbers(path, range(FRAMES), encoding=encoding, width=101, height=75)
    return Clip(path, list(range(FRAMES)), width=101, height=75)


def wide_pixels(folder: Path) -> Clip:
    """MP4 coded 160 x 128 with pixels three times as wide as two of them are high: displayed 240 x 128."""
    options = CLOSED | {"aspect": "3:2"}
    path = folder / "wide.mp4"
    encode_numbers(path, range(FRAMES), encoding=Encoding(options=options, b_frames=2))
    return Clip(path, list(range(FRAMES)), width=240, height=128)


def matroska(folder: Path) -> Clip:
    """Matroska with H.264 and B-frames."""
    return _plain(folder, "plain.mkv", Encoding(container="matroska", options=CLOSED, b_frames=2))


def webm(folder: Path) -> Clip:
    """WebM with VP9, which has hidden frames."""
    options = {"deadline": "realtime", "cpu-used": "5", "auto-alt-ref": "1", "lag-in-frames": "16"}
    return _plain(folder, "plain.webm", Encoding(container="webm", codec="libvpx-vp9", options=options))


def avi(folder: Path) -> Clip:
    """AVI with MPEG-4 and B-frames: no presentation times."""
    return _plain(folder, "plain.avi", Encoding(container="avi", codec="mpeg4", b_frames=2))


def avi_h264(folder: Path) -> Clip:
    """AVI with H.264 and B-frames: the guessed presentation times are wrong."""
    return _plain(folder, "h264.avi", Encoding(container="avi", options=CLOSED, b_frames=2))


def mpeg2(folder: Path) -> Clip:
    """Transport stream with MPEG-2 and B-frames over key frames."""
    return _plain(folder, "mpeg2.ts", Encoding(container="mpegts", codec="mpeg2video", b_frames=2))


def hevc(folder: Path) -> Clip:
    """MP4 with H.265, whose leading pictures are skipped after a seek."""
    options = {"x265-params": "open-gop=1:keyint=12:min-keyint=12:bframes=3:scenecut=0:log-level=none"}
    return _plain(folder, "hevc.mp4", Encoding(codec="libx265", options=options, b_frames=3))


def false_keys(folder: Path) -> Clip:
    """MP4 whose index calls every sixth frame a key frame: half of them depend on others."""
    path = folder / "false_keys.mp4"
    encode_numbers(path, range(FRAMES), encoding=Encoding(codec="mpeg4"))
    call_keys(path, range(1, FRAMES + 1, 6))
    return Clip(path, list(range(FRAMES)))


def short_gop(folder: Path) -> Clip:
    """MP4 in which every second frame is a key frame."""
    options = {"x264-params": "scenecut=0:keyint=2:min-keyint=2"}
    return _plain(folder, "short.mp4", Encoding(gop=2, options=options))


def refreshed(folder: Path) -> Clip:
    """Transport stream without key frames but the first: intra refresh columns."""
    options = {"x264-params": "intra-refresh=1:keyint=12:min-keyint=12:scenecut=0"}
    return _plain(folder, "refresh.ts", Encoding(container="mpegts", options=options))


def twice(folder: Path) -> Clip:
    """Two transport streams in one file: the times start again in the middle."""
    path, first, second = folder / "twice.ts", folder / "first.ts", folder / "second.ts"
    encoding = Encoding(container="mpegts", options=CLOSED, b_frames=2)
    encode_numbers(first, range(30), encoding=encoding)
    encode_numbers(second, range(30, FRAMES), encoding=encoding)
    path.write_bytes(first.read_bytes() + second.read_bytes())
    return Clip(path, list(range(FRAMES)))


KINDS: dict[str, Callable[[Path], Clip]] = {
    make.__name__: make
    for make in (
        constant_rate,
        variable_rate,
        b_frames,
        open_gop,
        open_gop_ts,
        rotated,
        edit_list,
        cut_stream,
        cut_inside_packet,
        odd_size,
        wide_pixels,
        matroska,
        webm,
        avi,
        avi_h264,
        mpeg2,
        hevc,
        false_keys,
        short_gop,
        refreshed,
        twice,
        truncated,
        truncated_matroska,
        damaged,
        damaged_stream,
        damaged_matroska,
        damaged_open_gop,
        damaged_key,
    )
}


@cache
def encoded(kind: str) -> Clip:
    """The clip of that kind, encoded once in this process: every test that wants it has a copy."""
    folder = Path(workshop().name) / kind
    folder.mkdir()
    return KINDS[kind](folder)


@cache
def workshop() -> tempfile.TemporaryDirectory[str]:
    """A folder that is there as long as this process."""
    return tempfile.TemporaryDirectory(prefix="labelyard-clips-", ignore_cleanup_errors=True)


def make_clip(kind: str, folder: Path) -> Clip:
    """Make the clip of that kind in ``folder``."""
    clip = encoded(kind)
    return replace(clip, path=Path(shutil.copy(clip.path, folder)))

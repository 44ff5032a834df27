"""Test videos that were cut off or overwritten: which frames are left is for the probe to say."""

from __future__ import annotations

from pathlib import Path

import av

from tests.clips.clip import CLOSED, FRAMES, OPEN_GOP, Clip
from tests.clips.encoding import Encoding, encode_numbers, key_positions, overwrite


def truncated(folder: Path) -> Clip:
    """MP4 with its index in front, cut off in the middle of its data."""
    return _cut_off(folder, "truncated.mp4", Encoding(options=CLOSED, b_frames=2))


def truncated_matroska(folder: Path) -> Clip:
    """Matroska, cut off in the middle."""
    return _cut_off(folder, "truncated.mkv", Encoding(container="matroska", options=CLOSED, b_frames=2))


def _cut_off(folder: Path, name: str, encoding: Encoding) -> Clip:
    path = folder / name
    encode_numbers(path, range(FRAMES), encoding=encoding)
    if encoding.container == "mp4":
        _index_first(path)
    keys = key_positions(path)
    path.write_bytes(path.read_bytes()[: (keys[3] + keys[4]) // 2])
    return Clip(path, None)


def damaged(folder: Path) -> Clip:
    """MP4 with noise over some packets in the third GOP."""
    return _spoilt(folder, "damaged.mp4", Encoding(options=CLOSED, b_frames=2))


def damaged_stream(folder: Path) -> Clip:
    """Transport stream with noise over some packets in the third GOP."""
    return _spoilt(folder, "damaged.ts", Encoding(container="mpegts", options=CLOSED, b_frames=2))


def damaged_matroska(folder: Path) -> Clip:
    """Matroska with noise over some packets in the third GOP."""
    # Short clusters: after damage a Matroska reader goes on at the next one.
    muxing = {"cluster_time_limit": "400"}
    encoding = Encoding(container="matroska", options=CLOSED, b_frames=2, muxing=muxing)
    return _spoilt(folder, "damaged.mkv", encoding)


def damaged_open_gop(folder: Path) -> Clip:
    """MP4 with noise in a GOP into which the B-frames of the next one reach back."""
    return _spoilt(folder, "damaged_open.mp4", Encoding(options=OPEN_GOP, b_frames=3))


def damaged_key(folder: Path) -> Clip:
    """MP4 with noise inside the key frame of the third GOP."""
    path = folder / "damaged_key.mp4"
    encode_numbers(path, range(FRAMES), encoding=Encoding(options=CLOSED, b_frames=2))
    overwrite(path, first=key_positions(path)[2] + 60, count=400)
    return Clip(path, None)


def _spoilt(folder: Path, name: str, encoding: Encoding) -> Clip:
    path = folder / name
    encode_numbers(path, range(FRAMES), encoding=encoding)
    third, fourth = key_positions(path)[2:4]
    overwrite(path, first=(third + fourth) // 2, count=(fourth - third) // 8)
    return Clip(path, None)


def _index_first(path: Path) -> None:
    """Copy an MP4 with its index in front of the data."""
    other = path.with_suffix(".front.mp4")
    with (
        av.open(str(path)) as source,
        av.open(str(other), "w", format="mp4", options={"movflags": "faststart"}) as target,
    ):
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    other.replace(path)

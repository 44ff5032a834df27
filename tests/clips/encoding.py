"""Making video files with PyAV, and changing their bytes afterwards."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.video.stream import VideoStream
from PIL import Image

from tests.clips.numbers import Picture, draw_number

TIME_BASE = Fraction(1, 1000)
STEP = 40  # 25 frames a second


@dataclass(frozen=True)
class Encoding:
    """How to encode: the container's name in libav, the codec, its options."""

    container: str = "mp4"
    codec: str = "libx264"
    gop: int = 12
    b_frames: int = 0
    options: dict[str, str] = field(default_factory=dict)
    pixel_format: str = "yuv420p"
    muxing: dict[str, str] = field(default_factory=dict)


def encode_numbers(
    path: Path, numbers: Iterable[int], *, encoding: Encoding, width: int = 160, height: int = 128
) -> None:
    """Encode one numbered picture a frame, 40 ms each."""
    pictures = (draw_number(number, width=width, height=height) for number in numbers)
    encode_pictures(path, pictures, encoding=encoding)


def encode_pictures(
    path: Path, pictures: Iterable[Picture], *, encoding: Encoding, times: Sequence[int] | None = None
) -> None:
    """Encode pictures of one size; ``times`` are milliseconds, 40 apart by default."""
    with av.open(str(path), "w", format=encoding.container, options=encoding.muxing) as container:
        stream = cast(VideoStream, container.add_stream(encoding.codec, rate=25))
        stream.codec_context.time_base = TIME_BASE
        stream.codec_context.gop_size = encoding.gop
        stream.codec_context.max_b_frames = encoding.b_frames
        stream.options = dict(encoding.options)
        stream.pix_fmt = encoding.pixel_format
        if encoding.container == "avi" or encoding.codec == "mpeg2video":
            stream.codec_context.time_base = Fraction(1, 25)
        for place, picture in enumerate(pictures):
            if place == 0:
                stream.height, stream.width = picture.shape[:2]
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=encoding.pixel_format)
            time = Fraction(times[place] if times else place * STEP) * TIME_BASE
            frame.time_base = stream.codec_context.time_base
            frame.pts = round(time / frame.time_base)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def key_positions(path: Path) -> list[int]:
    """Return where in the file each key packet starts, in bytes."""
    with av.open(str(path)) as container:
        packets = container.demux(container.streams.video[0])
        return [packet.pos for packet in packets if packet.is_keyframe and packet.pos is not None]


def overwrite(path: Path, *, first: int, count: int, seed: int = 7) -> None:
    """Replace bytes by noise."""
    data = bytearray(path.read_bytes())
    count = min(count, len(data) - first)
    data[first : first + count] = np.random.default_rng(seed).bytes(count)
    path.write_bytes(bytes(data))


def turn_right(path: Path) -> None:
    """Write a quarter turn clockwise into the track header of an MP4 (ISO/IEC 14496-12, 8.3.2)."""
    data = bytearray(path.read_bytes())
    start = data.index(b"tkhd") + 4 + 4 + 20 + 8 + 8  # version 0: times, ids, reserved, layer to volume
    one, corner = 1 << 16, 1 << 30
    data[start : start + 36] = struct.pack(">9i", 0, one, 0, -one, 0, 0, 0, 0, corner)
    path.write_bytes(bytes(data))


def trim_start(path: Path, *, seconds: Fraction) -> None:
    """Let the edit list of an MP4 begin later (8.6.6), as cutting without encoding does."""
    data = bytearray(path.read_bytes())
    entry = data.index(b"elst") + 4 + 4 + 4
    duration, media_time = struct.unpack_from(">Ii", data, entry)
    header = data.index(b"mdhd") + 4 + 4 + 8
    (media_scale,) = struct.unpack_from(">I", data, header)
    (movie_scale,) = struct.unpack_from(">I", data, data.index(b"mvhd") + 4 + 4 + 8)
    struct.pack_into(
        ">Ii",
        data,
        entry,
        duration - round(seconds * movie_scale),
        media_time + round(seconds * media_scale),
    )
    path.write_bytes(bytes(data))


def call_keys(path: Path, samples: Iterable[int]) -> None:
    """Rewrite the list of sync samples of an MP4 (8.6.2); ``samples`` count from 1.

    The box has to grow, so it is written anew at the end of the sample table and the old one is
    renamed to free space: the movie box is the last one in the file.
    """
    data = bytearray(path.read_bytes())
    old = data.index(b"stss")
    data[old : old + 4] = b"free"
    numbers = list(samples)
    box = struct.pack(">I4sII", 16 + 4 * len(numbers), b"stss", 0, len(numbers))
    box += struct.pack(f">{len(numbers)}I", *numbers)
    start = data.index(b"stbl") - 4
    (size,) = struct.unpack_from(">I", data, start)
    for name in (b"moov", b"trak", b"mdia", b"minf", b"stbl"):
        place = data.index(name) - 4
        struct.pack_into(">I", data, place, struct.unpack_from(">I", data, place)[0] + len(box))
    data[start + size : start + size] = box
    path.write_bytes(bytes(data))


def picture_bytes(picture: Picture, *, form: str) -> bytes:
    """Return a picture as the bytes of a file in one of Pillow's formats."""
    output = io.BytesIO()
    Image.fromarray(picture).save(output, form)
    return output.getvalue()

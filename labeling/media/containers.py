"""Opening a video file so that it can reach nothing but itself, and reading its packets."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from typing import BinaryIO, NoReturn, TypeAlias

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from labeling.media.errors import MediaRefused

READ_BYTES = 1 << 18
_MOST_FAILURES = 1000
_MOST_THREADS = 8  # each one keeps pictures of its own, and more gain little

VideoPacket: TypeAlias = "Packet[VideoStream]"


def _refuse_nested(*_: object) -> NoReturn:
    raise PermissionError("A video file may not open other files.")


def open_container(file: BinaryIO, *, demuxer: str, max_pixels: int) -> InputContainer:
    """Open ``file`` with exactly one demuxer; whatever else it wants to open is refused.

    The bytes come from the open file object, so libav sees neither a path nor a protocol.
    Raises av.FFmpegError.
    """
    file.seek(0)
    options = {"protocol_whitelist": "none", "max_pixels": str(max_pixels), "enable_drefs": "0"}
    if demuxer != "mov":
        del options["enable_drefs"]
    return av.open(
        file, mode="r", format=demuxer, options=options, buffer_size=READ_BYTES, io_open=_refuse_nested
    )


def video_stream(container: InputContainer, *, threads: int) -> VideoStream:
    """Return the first video stream that is not a cover picture, set to ``threads`` (0: one a core).

    Raises MediaRefused where there is none.
    """
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic and stream.codec_context is not None:
            stream.thread_type = "AUTO" if threads != 1 else "NONE"
            stream.codec_context.thread_count = threads or min(_MOST_THREADS, os.cpu_count() or 1)
            return stream
    raise MediaRefused("no_video", "The file holds no video that can be decoded.")


def time_base_of(stream: VideoStream) -> Fraction:
    """Return the unit of the stream's times in seconds."""
    return Fraction(stream.time_base) if stream.time_base else Fraction(1, 1000)


def packet_key(packet: VideoPacket, *, demuxer: str) -> int | None:
    """Return what tells this packet from all others: its presentation time.

    AVI stores no such times; libav guesses them from what it saw before, so there it is the
    decoding time, which is the packet's place in the index.
    """
    if demuxer == "avi" or packet.pts is None:
        return packet.dts
    return packet.pts


class PacketFeed:
    """The packets of one stream, over errors of the container, up to its end.

    ``failures`` counts the errors met. The last packet is the empty one that flushes.
    """

    def __init__(self, container: InputContainer, stream: VideoStream) -> None:
        self._container = container
        self._stream = stream
        self.failures = 0

    def __iter__(self) -> Iterator[VideoPacket]:
        while self.failures < _MOST_FAILURES:
            try:
                yield from self._container.demux(self._stream)
            except av.EOFError:
                return
            except MemoryError:
                raise  # of ours, not of the file
            except av.FFmpegError:
                self.failures += 1
            else:
                return


def decode_packet(packet: VideoPacket, *, key: int | None) -> tuple[list[VideoFrame], bool]:
    """Decode one packet. Returns the frames that came out, marked by packet keys, and whether it failed."""
    if packet.size:
        packet.pts = key
    try:
        return packet.decode(), False
    except av.EOFError:
        return [], False
    except MemoryError:
        raise  # of ours, not of the file
    except av.FFmpegError:
        return [], True

"""Decoding a video from one of its entries on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from labeling.media.containers import (
    PacketFeed,
    VideoPacket,
    decode_packet,
    open_container,
    packet_key,
    video_stream,
)
from labeling.media.frametable import FrameTable

START = -1
"""The entry before all others: the beginning of the file."""
_MOST_PIXELS = (1 << 31) - 1  # the probe has applied the real limit


class Decoding:
    """Decodes one open file, from any entry of its frame table."""

    def __init__(self, file: BinaryIO, *, demuxer: str, table: FrameTable, threads: int) -> None:
        self._file = file
        self._demuxer = demuxer
        self._table = table
        self._threads = threads
        self._opened: tuple[InputContainer, VideoStream] | None = None

    def run(self, entry: int) -> Iterator[tuple[int, VideoFrame]]:
        """Yield (ordinal, frame) from the table's ``entry`` on, or from the START of the file.

        Every run from the same entry starts with the same packet in a fresh decoder, so it gives
        the same frames. It ends early where the entry cannot be found. A later run ends an
        earlier one.
        """
        if entry == START:
            yield from self._run_from_start()
            return
        ordinal, key, seek_time = self._table.entries[entry]
        container, stream = self._opened or self._open()
        try:
            container.seek(seek_time, stream=stream, backward=True)
        except av.FFmpegError:
            return
        packets = self._from_packet(PacketFeed(container, stream), key)
        for frame in self._frames(packets):
            number = self._table.ordinals.get(frame.pts) if frame.pts is not None else None
            # What precedes the entry's own frame may refer to pictures that were not decoded.
            if number is not None and number >= ordinal:
                yield number, frame

    def close(self) -> None:
        """Free the decoder; the file stays open."""
        if self._opened is not None:
            self._opened[0].close()
            self._opened = None

    def _open(self) -> tuple[InputContainer, VideoStream]:
        self.close()
        container = open_container(self._file, demuxer=self._demuxer, max_pixels=_MOST_PIXELS)
        self._opened = container, video_stream(container, threads=self._threads)
        return self._opened

    def _run_from_start(self) -> Iterator[tuple[int, VideoFrame]]:
        container, stream = self._open()
        for count, frame in enumerate(self._frames(PacketFeed(container, stream))):
            if self._table.counted:
                yield count, frame
            elif frame.pts in self._table.ordinals:
                yield self._table.ordinals[frame.pts], frame

    def _frames(self, packets: Iterator[VideoPacket] | PacketFeed) -> Iterator[VideoFrame]:
        for packet in packets:
            frames, _ = decode_packet(packet, key=packet_key(packet, demuxer=self._demuxer))
            yield from frames

    def _from_packet(self, packets: PacketFeed, key: int) -> Iterator[VideoPacket]:
        """Skip the packets before ``key``. Seeking lands at or before it; when past it, there is nothing."""
        feed = iter(packets)
        for packet in feed:
            found = packet_key(packet, demuxer=self._demuxer)
            if found == key:
                yield packet
                break
            if packet.is_keyframe and found is not None and found > key:
                return
        yield from feed

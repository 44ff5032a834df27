"""Decoding a whole video once, to learn which frames it has. Runs in the probe's child."""

from __future__ import annotations

import os
import tempfile
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from typing import BinaryIO

import av
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from labeling.media.containers import (
    PacketFeed,
    decode_packet,
    open_container,
    packet_key,
    time_base_of,
    video_stream,
)
from labeling.media.errors import MediaRefused
from labeling.media.limits import MediaLimits
from labeling.media.picture import displayed_size, frame_check, frame_orientation

NO_KEY = -(1 << 63)
_PROGRESS_STEP = 32
_ASSUMED_RATE = Fraction(25)
_STDERR = 2


@dataclass
class Survey:
    """What one pass saw. Packets are in file order, frames in the order the decoder gave them."""

    width: int = 0
    height: int = 0
    orientation: int = 1
    time_base: Fraction = Fraction(1, 1000)
    usual_step: int = 1
    """The declared time of one frame in units of ``time_base``."""
    keys_are_decoding_times: bool = False
    keys_are_places: bool = False
    """Packets could not be told apart by their times and are numbered in file order instead."""
    packet_keys: array[int] = field(default_factory=lambda: array("q"))
    packet_dts: array[int] = field(default_factory=lambda: array("q"))
    packet_is_entry: array[int] = field(default_factory=lambda: array("b"))
    frame_keys: array[int] = field(default_factory=lambda: array("q"))
    frame_checks: array[int] = field(default_factory=lambda: array("I"))
    corrupt_frames: list[int] = field(default_factory=list)
    """Places in ``frame_keys`` of frames that the decoder itself calls corrupt."""
    bad_packets: set[int] = field(default_factory=set)
    """Places of packets that were damaged or did not decode without complaint."""
    gaps: set[int] = field(default_factory=set)
    """Places of packets before which the container was damaged; the number of packets for its end."""

    @property
    def keys_are_unique(self) -> bool:
        """Whether every frame is known by its packet."""
        return len(set(self.frame_keys)) == len(self.frame_keys) and NO_KEY not in self.frame_keys

    @property
    def has_errors(self) -> bool:
        return bool(self.bad_packets or self.gaps or self.corrupt_frames)


class ErrorLog:
    """What libav complains about: decoders conceal damage and say so in the log only.

    The lines go to the error output, which is a file while surveying; Python's own log hook
    is not used because it can lock up with decoding threads.
    """

    def __init__(self) -> None:
        av.logging.restore_default_callback()
        av.logging.set_libav_level(av.logging.ERROR)

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Send the error output to a file until the end of the block."""
        kept = os.dup(_STDERR)
        with tempfile.TemporaryFile() as file:
            os.dup2(file.fileno(), _STDERR)
            try:
                yield
            finally:
                os.dup2(kept, _STDERR)
                os.close(kept)

    def grew(self) -> bool:
        """Say whether there were lines since the last call, and forget them."""
        if os.fstat(_STDERR).st_size == 0:
            return False
        os.ftruncate(_STDERR, 0)
        os.lseek(_STDERR, 0, os.SEEK_SET)
        return True


Progress = Callable[[int], None]
"""Called with the number of frames decoded so far."""


def survey_video(
    file: BinaryIO, *, demuxer: str, limits: MediaLimits, log: ErrorLog, progress: Progress
) -> Survey:
    """Decode all of ``file`` once, and a second time when something was wrong.

    With threads a decoder's complaints cannot be tied to a packet, and what it conceals may
    differ from run to run; so a file with errors is surveyed (and later read) by one thread.
    A file whose times name no packet (a recording that starts again at zero) is surveyed with
    numbered packets. Raises MediaRefused.
    """
    course = _Course(demuxer, limits, log, progress)
    survey = _pass(file, course, threads=0, numbered=False)
    numbered = not survey.keys_are_unique
    if survey.has_errors or numbered:
        survey = _pass(file, course, threads=1, numbered=numbered)
    if not survey.frame_keys:
        raise MediaRefused("undecodable", "Not one frame of the video can be decoded.")
    return survey


@dataclass(frozen=True)
class _Course:
    demuxer: str
    limits: MediaLimits
    log: ErrorLog
    progress: Progress


def _pass(file: BinaryIO, course: _Course, *, threads: int, numbered: bool) -> Survey:
    try:
        container = open_container(file, demuxer=course.demuxer, max_pixels=course.limits.max_pixels)
    except MemoryError:
        raise
    except (av.FFmpegError, PermissionError, ValueError) as error:
        raise MediaRefused("undecodable", "The video cannot be opened: its container is broken.") from error
    with container:
        stream = video_stream(container, threads=threads)
        _check_pixels(stream.codec_context.width, stream.codec_context.height, course.limits)
        survey = Survey(
            time_base=time_base_of(stream),
            usual_step=_usual_step(stream),
            keys_are_decoding_times=course.demuxer == "avi",
            keys_are_places=numbered,
        )
        course.log.grew()  # complaints while opening concern no frame
        _read_packets(PacketFeed(container, stream), stream, survey, course)
        if not survey.has_errors and _ends_early(stream, container.size):
            survey.gaps.add(len(survey.packet_keys))
    return survey


def _usual_step(stream: VideoStream) -> int:
    rate = stream.average_rate or stream.guessed_rate or _ASSUMED_RATE
    return max(1, round(1 / (rate * time_base_of(stream)))) if rate > 0 else 1


def _ends_early(stream: VideoStream, size: int) -> bool:
    """Say whether the file's own index names data beyond its end."""
    return any(entry.pos + entry.size > size for entry in stream.index_entries)


def _read_packets(feed: PacketFeed, stream: VideoStream, survey: Survey, course: _Course) -> None:
    failures = 0
    for packet in feed:
        place = len(survey.packet_keys)
        if course.log.grew() or feed.failures > failures:
            failures = feed.failures
            survey.gaps.add(place)
        key = place if survey.keys_are_places else packet_key(packet, demuxer=course.demuxer)
        if packet.size:
            survey.packet_keys.append(NO_KEY if key is None else key)
            survey.packet_dts.append(NO_KEY if packet.dts is None else packet.dts)
            survey.packet_is_entry.append(packet.is_keyframe and not packet.is_discard)
        damaged = packet.is_corrupt
        frames, failed = decode_packet(packet, key=key)
        for frame in frames:
            _note_frame(frame, stream, survey, course)
        if course.log.grew() or failed or damaged:
            survey.bad_packets.add(place)
    if course.log.grew():
        survey.gaps.add(len(survey.packet_keys))


def _note_frame(frame: VideoFrame, stream: VideoStream, survey: Survey, course: _Course) -> None:
    count, limits = len(survey.frame_keys), course.limits
    if count >= limits.max_frames:
        raise MediaRefused("too_long", f"The video has more than {limits.max_frames:,} frames.")
    if count == 0:
        _note_size(frame, stream, survey, limits=limits)
    elif (frame.width, frame.height) != (stream.width, stream.height):
        _check_pixels(frame.width, frame.height, limits)
    if frame.is_corrupt:
        survey.corrupt_frames.append(count)
    survey.frame_keys.append(NO_KEY if frame.pts is None else frame.pts)
    survey.frame_checks.append(frame_check(frame))
    if count % _PROGRESS_STEP == 0:
        course.progress(count)


def _note_size(frame: VideoFrame, stream: VideoStream, survey: Survey, *, limits: MediaLimits) -> None:
    """The first frame decides what is displayed; later ones are scaled to it."""
    survey.orientation = frame_orientation(frame)
    aspect = stream.sample_aspect_ratio or Fraction(1)
    survey.width, survey.height = displayed_size(
        frame.width, frame.height, aspect=Fraction(aspect), orientation=survey.orientation
    )
    _check_pixels(survey.width, survey.height, limits)


def _check_pixels(width: int, height: int, limits: MediaLimits) -> None:
    if width * height > limits.max_pixels:
        sentence = f"The video claims {width} x {height} pixels; at most {limits.max_pixels:,} are allowed."
        raise MediaRefused("too_large", sentence)

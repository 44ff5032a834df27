"""The child that decodes stills: ``python -m labeling.media.stills_child``, one open file each."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from labeling.media.confine import ParentLine, allow_cpu, confine_memory
from labeling.media.errors import FrameUnreadable, MediaRefused
from labeling.media.limits import MediaLimits
from labeling.media.picture import RgbImage
from labeling.media.pictureframes import SeriesFrames
from labeling.media.reader import FrameReader, open_frames, table_of
from labeling.media.speaker import Speaker
from labeling.media.wire import Message

JPEG_QUALITY = 85
_LONGEST_JPEG_SIDE = 65_500


def main() -> None:
    """Open one file, then answer with stills until the parent's end closes."""
    line = ParentLine()
    request, table = line.receive()
    limits = MediaLimits(**request["limits"])
    confine_memory(limits.memory_bytes)
    allow_cpu(limits.still_seconds)
    speaker = Speaker()
    try:
        frames = _open(request, table)
    except MediaRefused as refusal:
        speaker.say({"refused": refusal.code, "sentence": refusal.sentence})
        return
    speaker.say({"ready": True})
    while True:
        wanted, _ = line.receive()
        allow_cpu(limits.still_seconds)
        _answer(frames, wanted, speaker)


def _open(request: Message, table: bytes) -> FrameReader:
    return open_frames(
        Path(request["path"]),
        kind=request["kind"],
        table=table_of(table) if table else None,
        width=request["width"],
        height=request["height"],
        frame_bytes=request["frame_bytes"],
    )


def _answer(frames: FrameReader, wanted: Message, speaker: Speaker) -> None:
    try:
        picture = _picture(frames, wanted)
    except FrameUnreadable as unreadable:
        speaker.say({"unreadable": unreadable.sentence})
    else:
        speaker.say({"frame": wanted["frame"]}, jpeg_bytes(picture, width=wanted["width"]))


def _picture(frames: FrameReader, wanted: Message) -> RgbImage:
    if wanted["window"] is None or not isinstance(frames, SeriesFrames):
        return frames.read_rgb(wanted["frame"])
    center, width = wanted["window"]
    return frames.read_window(wanted["frame"], center=center, width=width)


def jpeg_bytes(picture: RgbImage, *, width: int | None) -> bytes:
    """Return ``picture`` as JPEG, scaled down to ``width`` pixels where it is wider."""
    image = Image.fromarray(picture)
    share = min(1.0, (width or image.width) / image.width, _LONGEST_JPEG_SIDE / max(image.size))
    if share < 1.0:
        size = (max(1, round(image.width * share)), max(1, round(image.height * share)))
        image = image.resize(size, Image.Resampling.BICUBIC)
    output = io.BytesIO()
    image.save(output, "JPEG", quality=JPEG_QUALITY)
    return output.getvalue()


if __name__ == "__main__":
    main()

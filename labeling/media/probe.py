"""Finding out what a file is, in a child process with limits."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from labeling.media.child import Child, ChildFailed
from labeling.media.errors import MediaRefused
from labeling.media.frametable import FrameTable
from labeling.media.kinds import MediaKind, SeriesKind
from labeling.media.limits import MediaLimits
from labeling.media.picturetable import PictureTable
from labeling.media.sniff import DICOM, HEAD_BYTES, FileForm, form_of_head, is_archive, sniff_file

_MIME_TYPES = {
    "image_group": "application/zip",
    "image_sequence": "application/zip",
    "dicom": DICOM.mime_type,
}


@dataclass(frozen=True)
class ProbeResult:
    """What a file is. ``width`` and ``height`` are pixels of the displayed picture, of a series the
    largest of each; 0 for opaque media."""

    kind: MediaKind
    mime_type: str
    width: int
    height: int
    frame_count: int
    """1 for an image, 0 for opaque media."""
    fps: float | None
    duration_seconds: float | None
    table: FrameTable | PictureTable | None
    """For videos and series."""
    damaged: tuple[tuple[int, int], ...] = ()
    """Spans of damaged frames, both ends inclusive."""


def probe_file(
    path: Path,
    *,
    limits: MediaLimits,
    name: str | None = None,
    series: SeriesKind | None = None,
    progress: Callable[[int], None] | None = None,
) -> ProbeResult:
    """Decode the file once in a child process and return what it is.

    ``name`` is what its owner calls the file (default: the last part of ``path``); a known
    extension has to fit the content. ``series`` is what its owner calls an archive of pictures.
    ``progress`` is called with the number of frames decoded so
    far, a few times a second; what it raises ends the child and comes out here.
    Raises MediaRefused with code ``empty``, ``unsupported``, ``mislabelled``, ``too_large``,
    ``too_long``, ``no_video``, ``undecodable``, ``timeout``, and those of series: ``bad_archive``,
    ``too_many_files``, ``duplicate_name``, ``not_a_picture``, ``sizes_differ``, ``several_series``.
    """
    path = path.resolve()
    form = _series_form(path, series) if series else sniff_file(path, name=name or path.name)
    size = path.stat().st_size
    if size > limits.max_bytes:
        raise MediaRefused(
            "too_large", f"The file has {size:,} bytes; at most {limits.max_bytes:,} are allowed."
        )
    if form.kind == "opaque":
        return ProbeResult("opaque", form.mime_type, 0, 0, 0, None, None, None)
    return _decode_in_child(path, form, limits=limits, progress=progress)


def _series_form(path: Path, series: SeriesKind) -> FileForm:
    """Return the form of an archive that is to be a series, or of one DICOM file that is one."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if is_archive(head):
        return FileForm(series, "a ZIP archive", "zip", _MIME_TYPES[series], (".zip",))
    form, noun = form_of_head(head, "") if head else (None, "empty")
    if series == "dicom" and form is DICOM:
        return DICOM
    sentence = f"A series comes as several files or as one ZIP archive of them, and this file is {noun}."
    raise MediaRefused("unsupported", sentence)


def _decode_in_child(
    path: Path, form: FileForm, *, limits: MediaLimits, progress: Callable[[int], None] | None
) -> ProbeResult:
    child = Child("labeling.media.probe_child")
    deadline = time.monotonic() + limits.probe_seconds
    try:
        child.send({"path": str(path), "kind": form.kind, "code": form.code, "limits": limits.to_json()})
        while True:
            left = min(limits.stall_seconds, deadline - time.monotonic())
            message, blob = child.receive(seconds=max(0.0, left))
            if "frames" not in message:
                break
            if progress is not None:
                progress(message["frames"])
    except ChildFailed as failure:
        code = "timeout" if failure.code == "timeout" else "undecodable"
        raise MediaRefused(code, f"The file could not be decoded: {failure.reason}.") from failure
    finally:
        child.close()
    if "refused" in message:
        raise MediaRefused(message["refused"], message["sentence"])
    return _result(form, message["width"], message["height"], blob)


def _result(form: FileForm, width: int, height: int, blob: bytes) -> ProbeResult:
    if form.kind in ("image", "opaque"):
        return ProbeResult(form.kind, form.mime_type, width, height, 1, None, None, None)
    if form.kind == "video":
        video = FrameTable.from_bytes(blob)
        rate, seconds = video.fps, video.duration_seconds
        return ProbeResult(
            "video", form.mime_type, width, height, len(video), rate, seconds, video, tuple(video.damaged)
        )
    table = PictureTable.from_bytes(blob)
    count = len(table)
    return ProbeResult(form.kind, form.mime_type, width, height, count, None, None, table, table.damaged)

"""Finding out what a file is, in a child process with limits."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from labeling.media.child import Child, ChildFailed
from labeling.media.errors import MediaRefused
from labeling.media.frametable import FrameTable
from labeling.media.limits import MediaLimits
from labeling.media.sniff import FileForm, MediaKind, sniff_file


@dataclass(frozen=True)
class ProbeResult:
    """What a file is. ``width`` and ``height`` are pixels of the displayed picture; 0 for opaque media."""

    kind: MediaKind
    mime_type: str
    width: int
    height: int
    frame_count: int
    """Frames of a video, 1 for an image, 0 for opaque media."""
    fps: float | None
    duration_seconds: float | None
    table: FrameTable | None
    """For videos only."""
    damaged: tuple[tuple[int, int], ...] = ()
    """Spans of damaged frames, both ends inclusive."""


def probe_file(
    path: Path,
    *,
    limits: MediaLimits,
    name: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> ProbeResult:
    """Decode the file once in a child process and return what it is.

    ``name`` is what its owner calls the file (default: the last part of ``path``); a known
    extension has to fit the content. ``progress`` is called with the number of frames decoded so
    far, a few times a second; what it raises ends the child and comes out here.
    Raises MediaRefused with code ``empty``, ``unsupported``, ``mislabelled``, ``too_large``,
    ``too_long``, ``no_video``, ``undecodable``, ``timeout``.
    """
    path = path.resolve()
    form = sniff_file(path, name=name or path.name)
    size = path.stat().st_size
    if size > limits.max_bytes:
        raise MediaRefused(
            "too_large", f"The file has {size:,} bytes; at most {limits.max_bytes:,} are allowed."
        )
    if form.kind == "opaque":
        return ProbeResult("opaque", form.mime_type, 0, 0, 0, None, None, None)
    return _decode_in_child(path, form, limits=limits, progress=progress)


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
    if form.kind == "image":
        return ProbeResult("image", form.mime_type, width, height, 1, None, None, None)
    table = FrameTable.from_bytes(blob)
    return ProbeResult(
        kind="video",
        mime_type=form.mime_type,
        width=width,
        height=height,
        frame_count=len(table),
        fps=table.fps,
        duration_seconds=table.duration_seconds,
        table=table,
        damaged=tuple(table.damaged),
    )

"""Run-length coded masks.

COCO's compressed counts walk the mask by columns (``pycocotools.mask``); Encord's ``rleString`` is
the same code over rows. Neither carries the size. The code of the string is that of
``rleFrString`` in https://github.com/cocodataset/cocoapi/blob/master/common/maskApi.c
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco_mask

from labeling.geometry.errors import ShapeError
from labeling.geometry.shapes import Bitmask, BoolMask

Runs = NDArray[np.int64]
"""Lengths of runs, alternately outside and inside, beginning outside (with 0 where need be)."""

_NOT_RLE = "The mask's counts are not a COCO compressed run-length string."


def rle_encode(mask: BoolMask) -> bytes:
    """Return the COCO compressed counts of a bool mask ``(height, width)``."""
    # encode() wants columns in memory; the transpose of a C-ordered copy is that without a second one.
    columns = np.ascontiguousarray(mask.T).view(np.uint8).T
    counts: bytes = coco_mask.encode(columns)["counts"]
    return counts


def rle_decode(counts: bytes, *, width: int, height: int) -> BoolMask:
    """Return the bool mask ``(height, width)``; raise ``ShapeError`` when the counts do not fit it."""
    # Not by pycocotools: it trusts that runs end where the mask does.
    runs = rle_check(counts, width=width, height=height)
    inside = np.arange(len(runs)) % 2 == 1
    return np.repeat(inside, runs).reshape(width, height).T


def rle_check(counts: bytes, *, width: int, height: int) -> Runs:
    """Return the runs of ``counts``; raise ``ShapeError`` when they do not fit ``width`` by ``height``."""
    runs = rle_runs(counts)
    total = int(runs.sum())
    if (runs < 0).any():
        raise ShapeError(_NOT_RLE)
    if total != width * height:
        raise ShapeError(
            f"The mask's counts cover {total} pixels; its size of {width} by {height} has {width * height}."
        )
    return runs


def rle_runs(counts: bytes) -> Runs:
    """Return the runs that a compressed string holds; raise ``ShapeError`` when it is not one."""
    codes = np.frombuffer(counts, dtype=np.uint8).astype(np.int64) - 48
    if not codes.size:
        return np.empty(0, np.int64)
    last = codes & 0x20 == 0
    if codes.min() < 0 or codes.max() > 63 or not last[-1]:
        raise ShapeError(_NOT_RLE)
    ends = np.flatnonzero(last)
    starts = np.concatenate(([0], ends[:-1] + 1))
    lengths = ends - starts + 1
    if lengths.max() > 7:  # 35 bits: no frame has runs that long, and int64 would overflow
        raise ShapeError(_NOT_RLE)
    places = np.arange(codes.size) - np.repeat(starts, lengths)
    values = np.add.reduceat((codes & 0x1F) << (5 * places), starts)
    values -= np.where(codes[ends] & 0x10, np.int64(1) << (5 * lengths), 0)
    # From the fourth run on a value is the difference to the run two before it.
    values[1::2] = np.cumsum(values[1::2])
    values[2::2] = np.cumsum(values[2::2])
    return values


def rle_area(counts: bytes) -> int:
    """Return how many pixels are inside."""
    return int(rle_runs(counts)[1::2].sum())


def rle_in_frame(
    bitmask: Bitmask, *, width: int, height: int, order: Literal["columns", "rows"] = "columns"
) -> str:
    """Return the compressed string of the whole frame's mask.

    ``order="columns"`` is COCO's ``counts`` of size ``[height, width]``; ``"rows"`` is Encord's
    ``rleString``. The work grows with the crop, not with the frame.
    """
    crop = rle_decode(bitmask.counts, width=bitmask.width, height=bitmask.height)
    if order == "columns":
        spans = _line_spans(crop.T, first_line=bitmask.left, first_place=bitmask.top, length=height)
    else:
        spans = _line_spans(crop, first_line=bitmask.top, first_place=bitmask.left, length=width)
    starts, ends = spans
    edges = np.stack((starts, ends), axis=1).ravel()
    runs = np.diff(edges, prepend=0, append=width * height)
    if runs[-1] == 0:
        runs = runs[:-1]
    size = [height, width] if order == "columns" else [width, height]
    packed = coco_mask.frPyObjects({"size": size, "counts": runs.tolist()}, *size)
    counts: bytes = packed["counts"]
    return counts.decode("ascii")


def _line_spans(
    crop: BoolMask, *, first_line: int, first_place: int, length: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return starts and ends of the runs inside, as places in a frame whose lines are ``length`` long."""
    # A place outside at the end of each line keeps runs of neighbouring lines apart.
    stride = crop.shape[1] + 1
    padded = np.zeros(crop.shape[0] * stride + 1, np.bool_)
    padded[1:].reshape(-1, stride)[:, :-1] = crop
    line, place = np.divmod(np.flatnonzero(padded[1:] != padded[:-1]), stride)
    edges = (line + first_line) * length + first_place + place
    starts, ends = edges[::2], edges[1::2]
    # A run that reaches the end of its line goes on at the beginning of the next.
    first = np.ones(len(starts), np.bool_)
    first[1:] = starts[1:] != ends[:-1]
    return starts[first], ends[np.roll(first, -1)]


def rle_from_rows(rle_string: str, *, width: int, height: int) -> BoolMask:
    """Return the mask ``(height, width)`` of an Encord ``rleString`` (row by row).

    Raise ``ShapeError`` when the string does not fit the size.
    """
    try:
        counts = rle_string.encode("ascii")
    except UnicodeEncodeError as error:
        raise ShapeError(_NOT_RLE) from error
    return np.ascontiguousarray(rle_decode(counts, width=height, height=width).T)

"""Checkpoints as bytes: plain values, numpy arrays and shapes, without loss.

The form is MessagePack (https://msgpack.org), deflated. It holds no code, so a foreign
checkpoint can be read safely.
"""

from __future__ import annotations

import zlib
from typing import Any

import msgpack  # type: ignore[import-untyped, unused-ignore]
import numpy as np

from labeling.geometry.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    Skeleton,
    Visibility,
)
from workers.backends.base import BackendError

_ARRAY, _SHAPE = 1, 2
_SHAPES = (Box, RotatedBox, Polygon, Bitmask, Polyline, Keypoint, Skeleton)


def state_pack(value: object, *, version: str) -> bytes:
    """Return ``value`` as bytes.

    ``value`` is built of dicts, lists, tuples (read back as lists), numbers, strings, bytes,
    None, numpy arrays and shapes. ``version`` names the tracker that wrote it.
    """
    return zlib.compress(msgpack.packb([version, value], default=_encode), 1)


def state_unpack(data: bytes, *, version: str) -> Any:
    """Return what ``state_pack`` was given.

    Raises BackendError when the bytes are not a checkpoint of the same version.
    """
    try:
        found, value = msgpack.unpackb(zlib.decompress(data), ext_hook=_decode, strict_map_key=False)
    except (zlib.error, ValueError, TypeError, msgpack.UnpackException) as error:
        raise BackendError("The checkpoint is damaged; the tracking has to start anew.") from error
    if found != version:
        raise BackendError(f"The checkpoint was written by {found}, and this is {version}.")
    return value


def _encode(value: object) -> msgpack.ExtType:
    if isinstance(value, np.ndarray):
        header = [value.dtype.str, list(value.shape), np.ascontiguousarray(value).tobytes()]
        return msgpack.ExtType(_ARRAY, msgpack.packb(header))
    if isinstance(value, _SHAPES):
        fields = [_SHAPES.index(type(value)), *(getattr(value, name) for name in value.__dataclass_fields__)]
        return msgpack.ExtType(_SHAPE, msgpack.packb(fields, default=_encode))
    raise TypeError(f"A checkpoint cannot hold {type(value).__name__}.")


def _decode(code: int, data: bytes) -> object:
    content = msgpack.unpackb(data, ext_hook=_decode)
    if code == _ARRAY:
        dtype, shape, raw = content
        return np.frombuffer(raw, dtype).reshape(shape).copy()
    return _shape(content[0], content[1:])


def _shape(index: int, fields: list[Any]) -> Shape:
    kind = _SHAPES[index]
    if kind is Polygon:
        return Polygon(tuple(tuple(rings) for rings in fields[0]))
    if kind is Keypoint:
        return Keypoint(fields[0], fields[1], Visibility(fields[2]))
    if kind in (Skeleton, Polyline):
        return kind(fields[0], tuple(Visibility(name) for name in fields[1]))
    return kind(*fields)

"""What is said when a device has no memory left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from workers.backends.base import BackendError


class DeviceMemoryError(Exception):
    """The device ran out of memory in the middle of something."""


class PictureMemoryError(BackendError):
    """There was no memory for one picture, or a question about it."""

    code = "gpu_out_of_memory"

    def __init__(self, *, width: int, height: int) -> None:
        super().__init__(
            f"The GPU ran out of memory on a picture of {width} x {height} pixels. Nothing was lost: send it "
            "again. If it comes back, keep fewer pictures encoded (LABELYARD_EMBEDDINGS_CACHE_BYTES), let "
            "fewer workers share the GPU, or run a smaller model."
        )


@contextmanager
def memory_told(*, width: int, height: int) -> Iterator[None]:
    """While computing on a picture of this size: no memory left becomes a sentence."""
    try:
        yield
    except DeviceMemoryError as error:
        raise PictureMemoryError(width=width, height=height) from error

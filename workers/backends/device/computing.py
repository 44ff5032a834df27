"""Computing on a device, and how much of its memory is held."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from workers.backends.device.memory import DeviceMemoryError


@contextmanager
def computing(*, device: str, precision: str) -> Iterator[None]:
    """Compute without gradients and in ``precision``, the name of a dtype.

    Raises DeviceMemoryError when the device has no memory left; what PyTorch kept in reserve is given
    back.
    """
    dtype = getattr(torch, precision)
    mixed = torch.autocast(device.split(":", maxsplit=1)[0], dtype=dtype, enabled=dtype != torch.float32)
    try:
        with torch.inference_mode(), mixed:
            yield
    except torch.cuda.OutOfMemoryError as error:
        if device.startswith("cuda"):
            torch.cuda.empty_cache()
        raise DeviceMemoryError from error


def tensors_nbytes(held: object) -> int:
    """Return the bytes of the tensors in nested dicts, lists and tuples, each storage counted once."""
    storages: dict[int, int] = {}
    waiting = [held]
    while waiting:
        one = waiting.pop()
        if torch.is_tensor(one):
            storage = one.untyped_storage()  # type: ignore[attr-defined]
            storages[storage.data_ptr()] = storage.nbytes()
        elif isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list | tuple):
            waiting += one
    return sum(storages.values())

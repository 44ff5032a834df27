"""Which device and precision a wish comes to here."""

from __future__ import annotations

import torch

from workers.backends.base import BackendError


def device_of(wish: str, *, model: str) -> str:
    """Return the device that ``wish`` comes to.

    Raises BackendError, with the name of the ``model``, where it is not there.
    """
    if wish == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    kind = wish.split(":", maxsplit=1)[0]
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not there.get(kind, False):
        raise BackendError(f"{model} is to run on “{wish}”, and PyTorch finds no such device here.")
    return wish


def precision_of(wish: str, *, device: str) -> str:
    """Return the name of the dtype that ``wish`` comes to on ``device``."""
    if wish != "auto":
        return wish
    return "bfloat16" if device.startswith("cuda") and torch.cuda.is_bf16_supported() else "float32"

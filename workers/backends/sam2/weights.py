"""Files of weights: read without running anything in them, and told apart by what they hold."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from workers.backends.base import BackendError

Weights = Mapping[str, Any]
"""Names of parameters to tensors."""

_UNREADABLE = (RuntimeError, pickle.UnpicklingError, EOFError, KeyError, ValueError, TypeError)
_PATCHES = "image_encoder.trunk.patch_embed.proj.weight"
_BLOCKS = "image_encoder.trunk.blocks."
# Width of the image encoder and number of its blocks, to the letter of its configuration.
_SIZES = {(96, 12): "t", (96, 16): "s", (112, 24): "b+", (144, 48): "l"}


def weights_load(path: Path, *, sha256: str | None = None) -> Weights:
    """Return the weights of a checkpoint of SAM 2, on the CPU.

    Raises BackendError when there is no such file, its sha256 is another, it is truncated, or it
    holds anything but tensors.
    """
    if not path.is_file():
        raise BackendError(f"There is no checkpoint {path}. Fetch one with “manage.py models fetch NAME”.")
    if sha256 is not None and file_sha256(path) != sha256:
        raise BackendError(
            f"The checkpoint {path.name} is not the file it should be: its sha256 is another than "
            f"{sha256}. Fetch it anew with “manage.py models fetch”."
        )
    try:
        held = torch.load(path, map_location="cpu", weights_only=True)
    except _UNREADABLE as error:
        raise BackendError(
            f"The checkpoint {path.name} cannot be read: it is truncated, or not a file of weights."
        ) from error
    weights = held.get("model") if isinstance(held, dict) else None
    if not isinstance(weights, dict) or not all(torch.is_tensor(value) for value in weights.values()):
        raise BackendError(f"The checkpoint {path.name} is not one of SAM 2: it has no weights of a “model”.")
    return weights


def config_of(weights: Weights, *, name: str) -> str:
    """Return the configuration of ``sam2`` that the weights are made for.

    Raises BackendError, with the file's ``name``, for those of another model.
    """
    blocks = {key[len(_BLOCKS) :].split(".")[0] for key in weights if key.startswith(_BLOCKS)}
    width = weights[_PATCHES].shape[0] if _PATCHES in weights else 0
    letter = _SIZES.get((int(width), len(blocks)))
    if letter is None:
        raise BackendError(
            f"The checkpoint {name} is not one of the published models of SAM 2. "
            "If it is a SAM 2 of another size, name its configuration with LABELYARD_SAM2_CONFIG."
        )
    if "no_obj_embed_spatial" in weights:
        return f"configs/sam2.1/sam2.1_hiera_{letter}.yaml"
    return f"configs/sam2/sam2_hiera_{letter}.yaml"


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""The folder of weights, as far as a look from outside tells: the layout of the library ``transformers``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILES = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")
WHOLE, DETECTOR = "sam3_video", "sam3"
"""Kinds of models, as ``config.json`` names them: with the part that answers clicks, or without."""


def folder_trouble(folder: Path) -> str:
    """Say what is wrong with the folder; an empty sentence when nothing is seen to be."""
    if not folder.is_dir():
        return f"There is no folder {folder}. Name the one that SAM 3 was downloaded to."
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        return f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing in {folder}."
    kind = kind_of(folder)
    if kind not in (WHOLE, DETECTOR):
        what = f"of the kind “{kind}”" if kind else "not readable"
        return f"The model in {folder} is no SAM 3: its config.json is {what}."
    return weights_trouble(folder / "model.safetensors")


def kind_of(folder: Path) -> str:
    """Return the kind of model, empty when ``config.json`` does not say."""
    try:
        told: Any = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(told.get("model_type", "")) if isinstance(told, dict) else ""


def answers_clicks(folder: Path) -> bool:
    """Say whether the folder holds the part that answers clicks."""
    return kind_of(folder) == WHOLE


def weights_trouble(path: Path) -> str:
    """Say whether the file is cut short. It begins with the length of its table, and the table."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        try:
            table = json.loads(file.read(length)) if 0 < length < size else {}
            end = max(
                (one["data_offsets"][1] for name, one in table.items() if name != "__metadata__"), default=0
            )
        except (ValueError, TypeError, KeyError, AttributeError):
            end = 0
    if not end or size != 8 + length + end:
        return f"{path} is truncated, or not a file of weights."
    return ""

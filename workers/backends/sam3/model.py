"""The model in memory: read from its folder, once a process. Nothing is asked of any network."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

# Read by the library when it is imported, so before it is.
os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")

import torch
from safetensors import SafetensorError
from transformers import AutoTokenizer, Sam3Model, Sam3TrackerModel
from transformers.utils import logging

from workers.backends.base import BackendError
from workers.backends.device.computing import computing
from workers.backends.device.finding import device_of, precision_of
from workers.backends.sam3.folder import answers_clicks
from workers.backends.sam3.options import Sam3Options

TOKENS = 32
"""A phrase, with its begin and end: what the text encoder has places for."""

_PHRASES = 64
_UNREADABLE = (OSError, ValueError, TypeError, KeyError, RuntimeError, SafetensorError)


@dataclass
class Sam3:
    """``detector`` finds objects of a kind, ``clicker`` (None where the folder has none) one by clicks.

    Both look through one image encoder. What is remembered, of phrases and of places in the picture,
    saves time and memory and changes no answer.
    """

    detector: Any
    clicker: Any | None
    tokenizer: Any
    name: str
    device: str
    precision: str
    places: tuple[Any, ...] = ()
    phrases: OrderedDict[str, tuple[Any, Any]] = field(default_factory=OrderedDict)

    @property
    def size(self) -> int:
        """The square that pictures are scaled to, in pixels."""
        return int(self.detector.config.image_size)

    @contextmanager
    def computing(self) -> Iterator[None]:
        """Compute without gradients and in the chosen precision. Raises DeviceMemoryError."""
        with computing(device=self.device, precision=self.precision):
            yield

    def phrase(self, words: str) -> tuple[Any, Any]:
        """Return a phrase as the detector reads it, and which of its places are filled.

        Raises BackendError for one that is too long.
        """
        if words not in self.phrases:
            tokens = self.tokenizer(words, return_tensors="pt", padding="max_length", max_length=TOKENS)
            ids, filled = (tokens[key].to(self.device) for key in ("input_ids", "attention_mask"))
            if ids.shape[1] > TOKENS:
                raise BackendError(
                    f"SAM 3 reads a short phrase, and this one is too long: “{words[:40]}…”. "
                    "Name the objects in a few words, as “red car”."
                )
            self.phrases[words] = self.detector.get_text_features(ids, filled), filled
            if len(self.phrases) > _PHRASES:
                self.phrases.popitem(last=False)
        self.phrases.move_to_end(words)
        return self.phrases[words]


def model_build(options: Sam3Options) -> Sam3:
    """Read the folder and build its model on the device.

    Raises BackendError with a sentence for a folder or device that cannot be used.
    """
    device = device_of(options.device, model="SAM 3")
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    detector = _read(Sam3Model, options, device)
    clicker = None
    if answers_clicks(options.folder):
        clicker = _read(Sam3TrackerModel, options, device)
        # The same weights of the same file: the largest part of the model is there once.
        clicker.vision_encoder.backbone = detector.vision_encoder.backbone
    try:
        tokenizer = AutoTokenizer.from_pretrained(options.folder, local_files_only=True)
    except _UNREADABLE as error:
        raise BackendError(
            f"The tokenizer in {options.folder} cannot be read: it is of another model."
        ) from error
    return Sam3(
        detector=detector,
        clicker=clicker,
        tokenizer=tokenizer,
        name=options.name,
        device=device,
        precision=precision_of(options.precision, device=device),
    )


def _read(kind: Any, options: Sam3Options, device: str) -> Any:
    """Read a part of the model. What the file lacks would be random numbers: it is refused."""
    folder = options.folder
    try:
        model, told = kind.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, dtype=torch.float32, output_loading_info=True
        )
    except _UNREADABLE as error:
        raise BackendError(
            f"The model in {folder} cannot be read: it is damaged, or of another model."
        ) from error
    if told["missing_keys"] or told["mismatched_keys"]:
        raise BackendError(f"The weights in {folder} do not fit its config.json: they are of another model.")
    try:
        return model.eval().to(device)
    except torch.cuda.OutOfMemoryError as error:
        raise BackendError("The GPU has not enough free memory for SAM 3. Free some of it.") from error

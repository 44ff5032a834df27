"""The model in memory: built from its configuration and weights, once a process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sam2
import torch
from hydra.utils import instantiate
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException
from sam2 import sam2_video_predictor

from workers.backends.base import BackendError
from workers.backends.device.computing import computing
from workers.backends.device.finding import device_of, precision_of
from workers.backends.sam2.options import Sam2Options
from workers.backends.sam2.weights import Weights, config_of, weights_load

_PREDICTOR = "sam2.sam2_video_predictor.SAM2VideoPredictor"
# The publisher's settings for inference, without the filling of small holes: it needs a CUDA extension
# that no wheel brings.
_INFERENCE = (
    "model.sam_mask_decoder_extra_args.dynamic_multimask_via_stability=true",
    "model.sam_mask_decoder_extra_args.dynamic_multimask_stability_delta=0.05",
    "model.sam_mask_decoder_extra_args.dynamic_multimask_stability_thresh=0.98",
    "model.binarize_mask_from_pts_for_mem_enc=true",
)


@dataclass(frozen=True)
class Sam2Model:
    """The predictor on its device. ``load_seconds``: how long reading and building took."""

    predictor: Any
    name: str
    device: str
    precision: str
    load_seconds: float

    @contextmanager
    def computing(self) -> Iterator[None]:
        """Compute without gradients and in the chosen precision. Raises DeviceMemoryError."""
        with computing(device=self.device, precision=self.precision):
            yield


def model_build(options: Sam2Options) -> Sam2Model:
    """Read the checkpoint and build its model on the device.

    Raises BackendError with a sentence for a file or device that cannot be used.
    """
    started = time.monotonic()
    device = device_of(options.device, model="SAM 2")
    weights = weights_load(options.checkpoint, sha256=options.sha256)
    config = _config(options, weights)
    predictor = instantiate(config.model, _recursive_=True)
    try:
        predictor.load_state_dict(weights)
    except RuntimeError as error:
        raise BackendError(
            f"The checkpoint {options.checkpoint.name} does not fit its configuration: "
            "it is of another model."
        ) from error
    _be_silent()
    return Sam2Model(
        predictor=_moved(predictor.eval(), device),
        name=options.name,
        device=device,
        precision=precision_of(options.precision, device=device),
        load_seconds=time.monotonic() - started,
    )


def _config(options: Sam2Options, weights: Weights) -> Any:
    """Read the configuration and set what inference needs."""
    name = options.config or config_of(weights, name=options.checkpoint.name)
    path = Path(name) if Path(name).is_file() else Path(sam2.__file__).parent / name
    try:
        config = OmegaConf.load(path)
    except (OSError, OmegaConfBaseException, ValueError) as error:
        raise BackendError(f"SAM 2 has no configuration {name}, and there is no such file.") from error
    extra = [f"model._target_={_PREDICTOR}{'VOS' if options.compile else ''}"]
    extra += [f"model.compile_image_encoder={str(options.compile).lower()}"]
    if options.image_size is not None:
        extra += [f"model.image_size={options.image_size}"]
    config = OmegaConf.merge(config, OmegaConf.from_dotlist([*_INFERENCE, *extra]))
    OmegaConf.resolve(config)
    _check_targets(config, name=name)
    return config


def _check_targets(config: Any, *, name: str) -> None:
    """A configuration names the classes it is built of: only those of SAM 2 are."""
    for key, value in config.items():
        if OmegaConf.is_config(value) and not OmegaConf.is_list(value):
            _check_targets(value, name=name)
        elif key == "_target_" and not str(value).startswith(("sam2.", "torch.nn.")):
            raise BackendError(f"The configuration {name} would build “{value}”, which is not of SAM 2.")


def _moved(predictor: Any, device: str) -> Any:
    try:
        return predictor.to(device)
    except torch.cuda.OutOfMemoryError as error:
        raise BackendError(
            "The GPU has not enough free memory for this model of SAM 2. Choose a smaller one "
            "(LABELYARD_SAM2_CHECKPOINT), or free the GPU."
        ) from error


def _be_silent() -> None:
    """No progress bar a frame, and no thread of one."""
    sam2_video_predictor.tqdm = lambda frames, **words: frames

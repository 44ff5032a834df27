"""A tiny SAM 2.1 of random weights, written as a real checkpoint with its configuration.

Its 1.3 million parameters run in milliseconds through the code that a real one runs through. What it
says means nothing; that it says the same thing as the publisher's own predictor does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.needs import missing
from workers.backends.sam2.options import Sam2Options

SIZE, WIDTH, MEMORY, TRUNK = 128, 64, 16, 16
_LAYER = "model.memory_attention.layer"
OVERRIDES = [
    f"model.image_size={SIZE}",
    f"model.image_encoder.trunk.embed_dim={TRUNK}",
    "model.image_encoder.trunk.stages=[1,1,2,1]",
    "model.image_encoder.trunk.global_att_blocks=[3]",
    f"model.image_encoder.neck.d_model={WIDTH}",
    f"model.image_encoder.neck.backbone_channel_list=[{8 * TRUNK},{4 * TRUNK},{2 * TRUNK},{TRUNK}]",
    f"model.image_encoder.neck.position_encoding.num_pos_feats={WIDTH}",
    f"model.memory_attention.d_model={WIDTH}",
    "model.memory_attention.num_layers=1",
    f"{_LAYER}.d_model={WIDTH}",
    f"{_LAYER}.dim_feedforward=128",
    f"{_LAYER}.self_attention.embedding_dim={WIDTH}",
    f"{_LAYER}.self_attention.feat_sizes=[{SIZE // 16},{SIZE // 16}]",
    f"{_LAYER}.cross_attention.embedding_dim={WIDTH}",
    f"{_LAYER}.cross_attention.kv_in_dim={MEMORY}",
    f"{_LAYER}.cross_attention.feat_sizes=[{SIZE // 16},{SIZE // 16}]",
    f"model.memory_encoder.in_dim={WIDTH}",
    f"model.memory_encoder.out_dim={MEMORY}",
    f"model.memory_encoder.position_encoding.num_pos_feats={MEMORY}",
    f"model.memory_encoder.mask_downsampler.embed_dim={WIDTH}",
    f"model.memory_encoder.fuser.layer.dim={WIDTH}",
    "model.memory_encoder.fuser.num_layers=1",
]
"""What makes the publisher's configuration of the tiny model a micro one."""

CONFIG = "configs/sam2.1/sam2.1_hiera_t.yaml"


def need_sam2() -> None:
    """Go on only where PyTorch and SAM 2 are installed; on one thread, since tests share the cores."""
    try:
        import sam2  # noqa: F401
        import torch

        torch.set_num_threads(1)
    except ModuleNotFoundError as error:
        missing(f"SAM 2 is not installed ({error.name} is missing): make .venv/.ready-sam installs it.")


def micro_options(folder: Path, **words: Any) -> Sam2Options:
    """Write ``micro.pt`` and ``micro.yaml`` into ``folder`` and return options for them on the CPU."""
    checkpoint, config = micro_files(folder)
    words = {"device": "cpu", "precision": "float32", **words}
    return Sam2Options(checkpoint=checkpoint, name="micro", config=str(config), **words)


def micro_files(folder: Path) -> tuple[Path, Path]:
    """Return checkpoint and configuration, made on first use."""
    checkpoint, config = folder / "micro.pt", folder / "micro.yaml"
    if not checkpoint.exists():
        write_micro(checkpoint, config)
    return checkpoint, config


def micro_environment(folder: Path) -> dict[str, str]:
    """Return the environment in which a process offers the micro model, on one thread."""
    folder.mkdir(exist_ok=True)
    checkpoint, config = micro_files(folder)
    return {
        "LABELYARD_SAM2_CHECKPOINT": str(checkpoint),
        "LABELYARD_SAM2_CONFIG": str(config),
        "OMP_NUM_THREADS": "1",
    }


def write_micro(checkpoint: Path, config: Path) -> None:
    import torch
    from omegaconf import OmegaConf

    OmegaConf.save(micro_config(), config)
    torch.manual_seed(0)
    predictor = stock_predictor(None)
    with torch.no_grad():
        # An untrained head would say “not there” of everything.
        list(predictor.sam_mask_decoder.pred_obj_score_head.parameters())[-1].fill_(10.0)
    torch.save({"model": predictor.state_dict()}, checkpoint)


def micro_config() -> Any:
    import sam2
    from omegaconf import OmegaConf

    published = OmegaConf.load(Path(sam2.__file__).parent / CONFIG)
    return OmegaConf.merge(published, OmegaConf.from_dotlist(OVERRIDES))


def stock_predictor(checkpoint: Path | None) -> Any:
    """Build the micro model by the publisher's own function."""
    from sam2.build_sam import build_sam2_video_predictor

    predictor = build_sam2_video_predictor(
        CONFIG,
        None if checkpoint is None else str(checkpoint),
        device="cpu",
        hydra_overrides_extra=[f"++{override}" for override in OVERRIDES],
    )
    predictor.fill_hole_area = 0
    return predictor

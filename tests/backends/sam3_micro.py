"""A tiny SAM 3 of random weights, in a folder laid out as its publisher's: detector, tracker and tokenizer.

What it says means nothing; that it says the same thing as the library called directly is what counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from tests.needs import missing
from workers.backends.sam3.options import Sam3Options

SIZE, PATCH, WIDTH = 112, 14, 32
GRID = SIZE // PATCH
BEGIN, END = "<|startoftext|>", "<|endoftext|>"
VOCABULARY = [BEGIN, END, *ascii_lowercase, *(f"{letter}</w>" for letter in ascii_lowercase)]
"""Words are spelled: letters, and letters that end one."""


def need_sam3() -> None:
    """Go on only where PyTorch and transformers are installed; on one thread, since tests share the cores."""
    try:
        import torch
        import transformers  # noqa: F401

        torch.set_num_threads(1)
    except ModuleNotFoundError as error:
        missing(f"SAM 3 is not installed ({error.name} is missing): make .venv/.ready-sam installs it.")


@dataclass(frozen=True)
class Depth:
    """Layers of the image encoder, and of either half of the detector."""

    encoder: int = 2
    detector: int = 1


PUBLISHED = Depth(encoder=32, detector=6)


def micro_options(folder: Path, *, depth: Depth | None = None, **words: Any) -> Sam3Options:
    """Write the micro model into ``folder`` on first use, and return options for it on the CPU."""
    words = {"device": "cpu", "precision": "float32", **words}
    return Sam3Options(folder=micro_folder(folder, depth or Depth()), name="micro3", **words)


def micro_folder(folder: Path, depth: Depth) -> Path:
    if not (folder / "tokenizer_config.json").exists():
        folder.mkdir(exist_ok=True)
        write_model(folder, depth)
        write_tokenizer(folder)
    return folder


def micro_environment(folder: Path) -> dict[str, str]:
    """Return the environment in which a process offers the micro model, on one thread."""
    given = {"LABELYARD_SAM3_MODEL": str(micro_folder(folder, Depth())), "LABELYARD_SAM3_DEVICE": "cpu"}
    return {**given, "OMP_NUM_THREADS": "1"}


def write_model(folder: Path, depth: Depth) -> None:
    import torch
    from safetensors.torch import save_file
    from transformers import Sam3VideoConfig, Sam3VideoModel

    torch.manual_seed(0)
    model = Sam3VideoModel(Sam3VideoConfig(**micro_config(depth)))
    with torch.no_grad():
        # As published models have it, and not zero as new ones.
        model.tracker_model.no_memory_embedding.normal_()
    model.config.save_pretrained(folder)
    # Written plainly: the library's own writing would put the tracker's name before its weights twice.
    save_file(
        {name: tensor.clone() for name, tensor in model.state_dict().items()}, folder / "model.safetensors"
    )


LAYERS = {"hidden_size": WIDTH, "num_attention_heads": 2, "intermediate_size": 2 * WIDTH}


def micro_config(depth: Depth) -> dict[str, Any]:
    """What makes the published configuration a micro one."""
    vision = vision_config(depth)
    return {"detector_config": detector_config(depth, vision), "tracker_config": tracker_config(vision)}


def vision_config(depth: Depth) -> dict[str, Any]:
    """The image encoder, which both parts look through."""
    return {
        "fpn_hidden_size": WIDTH,
        "backbone_feature_sizes": [[4 * GRID, 4 * GRID], [2 * GRID, 2 * GRID], [GRID, GRID]],
        "backbone_config": {
            "model_type": "sam3_vit_model",
            **LAYERS,
            "num_hidden_layers": depth.encoder,
            "image_size": SIZE,
            "patch_size": PATCH,
            "window_size": GRID // 2,
            "global_attn_indexes": [1],
            "pretrain_image_size": SIZE // 2,
        },
    }


def detector_config(depth: Depth, vision: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "model_type": "sam3",
        "vision_config": vision,
        "text_config": text_config(),
        "geometry_encoder_config": {**LAYERS, "num_layers": 1},
        "detr_encoder_config": {**LAYERS, "num_layers": depth.detector},
        "detr_decoder_config": {**LAYERS, "num_layers": depth.detector, "num_queries": 20},
        "mask_decoder_config": {"hidden_size": WIDTH, "num_attention_heads": 2},
    }


def text_config() -> dict[str, Any]:
    """What reads phrases."""
    return {
        "model_type": "clip_text_model",
        **LAYERS,
        "vocab_size": len(VOCABULARY),
        "projection_dim": WIDTH,
        "num_hidden_layers": 1,
        "max_position_embeddings": 32,
        "bos_token_id": 0,
        "eos_token_id": 1,
        "pad_token_id": 1,
    }


def tracker_config(vision: Mapping[str, Any]) -> dict[str, Any]:
    """The part that answers clicks."""
    return {
        "model_type": "sam3_tracker_video",
        "vision_config": {"model_type": "sam3_vision_model", **vision},
        "prompt_encoder_config": {"hidden_size": WIDTH, "image_size": SIZE, "patch_size": PATCH},
        "mask_decoder_config": {
            "hidden_size": WIDTH,
            "mlp_dim": 2 * WIDTH,
            "num_attention_heads": 2,
            "iou_head_hidden_dim": WIDTH,
        },
        "image_size": SIZE,
        **memory_config(),
    }


def memory_config() -> dict[str, Any]:
    """What the tracker remembers with; clicks do not ask it."""
    return {
        "memory_attention_hidden_size": WIDTH,
        "memory_attention_num_layers": 1,
        "memory_attention_num_attention_heads": 1,
        "memory_attention_feed_forward_hidden_size": 2 * WIDTH,
        "memory_attention_rope_feat_sizes": [GRID, GRID],
        "memory_encoder_hidden_size": WIDTH,
        "memory_encoder_output_channels": WIDTH // 2,
        "mask_downsampler_embed_dim": WIDTH,
        "memory_fuser_embed_dim": WIDTH,
        "memory_fuser_intermediate_dim": 2 * WIDTH,
        "memory_fuser_num_layers": 1,
    }


def write_tokenizer(folder: Path) -> None:
    """Write a tokenizer of CLIP's kind."""
    from transformers import CLIPTokenizerFast

    vocabulary = {token: place for place, token in enumerate(VOCABULARY)}
    CLIPTokenizerFast(vocab=vocabulary, merges=[], unk_token=END).save_pretrained(folder)

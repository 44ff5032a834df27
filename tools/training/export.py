"""From a trained state to what the tracker ships: the network as ONNX, its card, and outputs to test by.

    python -m tools.training.export STATE.pt

It writes into ``workers/backends/fast/weights``. The outputs are those of PyTorch for fixed
inputs: ``tests/backends/test_fast_network.py`` holds the shipped network against them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from tools.training.images import LIST
from tools.training.network import PropagationNetwork, network_export
from workers.backends.fast.evidence import CHANNELS
from workers.backends.fast.network import CARD, WEIGHTS
from workers.backends.fast.window import SIDE

OUTPUTS = WEIGHTS.with_name("outputs.npz")
"""Every eighth pixel of the masks, and the qualities, of ``fixed_inputs``."""


def fixed_inputs() -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Return inputs that are the same everywhere, shape ``(3, CHANNELS, SIDE, SIDE)``."""
    rng = np.random.default_rng(2016)
    return rng.standard_normal((3, CHANNELS, SIDE, SIDE), dtype=np.float32)


def weights_export(state: dict[str, Any], folder: Path) -> None:
    """Write the weights of a training's ``state``, their card and their outputs into ``folder``."""
    network = PropagationNetwork()
    network.load_state_dict(state["average"])
    path = folder / WEIGHTS.name
    network_export(network, path)
    with torch.no_grad():
        masks, qualities = network(torch.from_numpy(fixed_inputs()))
    np.savez_compressed(
        folder / OUTPUTS.name, masks=masks[:, 0, ::8, ::8].numpy(), qualities=qualities[:, 0].numpy()
    )
    card = {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "parameters": sum(weights.numel() for weights in network.parameters()),
        "seed": state["seed"],
        "steps": state["done"],
        "torch": torch.__version__,
        "images_sha256": hashlib.sha256(LIST.read_bytes()).hexdigest(),
    }
    (folder / CARD.name).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Export a trained network for the fast tracker.")
    parser.add_argument("state", type=Path)
    options = parser.parse_args()
    weights_export(torch.load(options.state, weights_only=True), WEIGHTS.parent)


if __name__ == "__main__":
    main()

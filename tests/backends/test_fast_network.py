"""The shipped network is the one that was trained, and gives what it gave in training."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from tools.training.images import LIST, entries
from workers.backends.base import BackendError
from workers.backends.fast import network
from workers.backends.fast.evidence import CHANNELS
from workers.backends.fast.network import CARD, WEIGHTS, propagation_network
from workers.backends.fast.window import SIDE

FREE = {
    "public domain", "CC0", "CC0-1.0", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-SA-3.0", "CC-BY-SA-4.0",
    "GPL-2", "GPL-2+", "LGPL-3",
}  # fmt: skip


def test_the_weights_are_those_of_the_card() -> None:
    card = json.loads(CARD.read_text(encoding="utf-8"))
    assert hashlib.sha256(WEIGHTS.read_bytes()).hexdigest() == card["sha256"]
    assert hashlib.sha256(LIST.read_bytes()).hexdigest() == card["images_sha256"]
    assert WEIGHTS.stat().st_size < 2_000_000


def test_opencv_gives_what_pytorch_gave() -> None:
    """The stored outputs are PyTorch's, see tools/training/export.py."""
    stored = np.load(WEIGHTS.with_name("outputs.npz"))
    inputs = np.random.default_rng(2016).standard_normal((3, CHANNELS, SIDE, SIDE), dtype=np.float32)
    for number, evidence in enumerate(inputs):
        mask, quality = propagation_network().logits(evidence)
        np.testing.assert_allclose(mask[::8, ::8], stored["masks"][number], atol=2e-3)
        np.testing.assert_allclose(quality[0], stored["qualities"][number], atol=2e-3)


def test_damaged_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "propagation.onnx"
    path.write_bytes(WEIGHTS.read_bytes()[:-100])
    monkeypatch.setattr(network, "WEIGHTS", path)
    with pytest.raises(BackendError, match="damaged"):
        propagation_network.__wrapped__()


def test_every_training_picture_has_an_author_and_a_free_licence() -> None:
    listed = entries()
    assert len(listed) > 100
    assert {entry.licence for entry in listed} <= FREE
    assert all(entry.author and entry.package and entry.version for entry in listed)

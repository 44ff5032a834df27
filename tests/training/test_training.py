"""Training the network, a few steps of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tests.needs import needed
from tests.training.pictures import small_images

if TYPE_CHECKING:
    from tools.training.train import Training


def short_training(*, seed: int = 1) -> Training:
    with needed("PyTorch"):
        from tools.training.train import Training
    return Training(small_images(), steps=30, seed=seed, batch=2)


def test_training_lowers_the_loss() -> None:
    training = short_training()
    losses = [training.step() for _ in range(12)]
    assert np.isfinite(losses).all()
    assert np.mean(losses[-3:]) < np.mean(losses[:3])


def test_the_same_seed_trains_the_same_weights() -> None:
    first, second = short_training(), short_training()
    for training in (first, second):
        for _ in range(2):
            training.step()
    ours, theirs = first.network.state_dict(), second.network.state_dict()
    assert all(np.array_equal(ours[name].numpy(), theirs[name].numpy()) for name in ours)


def test_training_goes_on_from_its_state(tmp_path: Path) -> None:
    training = short_training()
    training.step()
    other = short_training(seed=5)
    other.load(training.state())
    assert (other.done, other.seed) == (1, 1)
    for name, weights in training.average.state_dict().items():
        assert np.array_equal(other.average.state_dict()[name].numpy(), weights.numpy())
    other.step()
    assert other.done == 2

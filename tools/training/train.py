"""Training: a seed, and a state from which it goes on.

    python -m tools.training.train PICTURES --out STATE.pt --steps 2000 [--seed 1] [--processes 4]

``PICTURES`` is the folder into which the packages of ``images.csv`` were unpacked. When ``STATE.pt``
is there already, training goes on from it, with a new draw of clips. Several processes each take all
steps on clips of their own, and meet in the mean of their weights (local SGD, Stich, ICLR 2019).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor, distributed
from torch.multiprocessing.spawn import start_processes

from tools.training.images import Images, images_load
from tools.training.loss import network_loss
from tools.training.network import PropagationNetwork, predicted
from tools.training.rollout import Example, Predict, examples

_KEPT = 1200  # examples to draw from
_BATCH = 16
_RATE, _DECAY = 3e-3, 1e-4
_CLIP_EVERY = 2  # steps
_AVERAGED = 150  # steps that the averaged network looks back on
_MEETING = 8  # steps between two meetings of the processes
_REPORT = 24
_OWN_MASKS = 0.75  # share of the clips in which the network's own masks are carried on
_ALONE = 60  # steps until they are of use


@dataclass
class Training:
    """The network, its optimiser, and the examples drawn from.

    ``average`` is what is used: the running mean of the network's weights, which is steadier.
    """

    images: Images
    steps: int
    seed: int
    process: int = 0
    batch: int = _BATCH
    done: int = 0
    kept: list[Example] = field(default_factory=list)

    def __post_init__(self) -> None:
        torch.manual_seed(self.seed)
        self.network = PropagationNetwork()
        self.average = PropagationNetwork().eval()
        self.optimiser = torch.optim.AdamW(self.network.parameters(), _RATE, weight_decay=_DECAY)
        self._shuffle()

    def step(self) -> float:
        """Draw a clip where it is time to, take one step, and return the loss."""
        while self.done % _CLIP_EVERY == 0 or len(self.kept) < 2 * self.batch:
            self._draw()
            if len(self.kept) >= 2 * self.batch:
                break
        for group in self.optimiser.param_groups:
            group["lr"] = self._rate()
        evidence, truth = self._drawn_batch()
        with torch.autocast("cpu", torch.bfloat16):
            mask, quality = self.network(evidence)
        loss = network_loss(mask.float(), quality.float(), truth)
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self.done += 1
        self._follow()
        return float(loss.detach())

    def meet(self) -> None:
        """Take the mean of the weights of all processes."""
        for values in self.network.state_dict().values():
            if values.is_floating_point():
                distributed.all_reduce(values)
                values.div_(distributed.get_world_size())

    def state(self) -> dict[str, Any]:
        """Return all that ``load`` needs."""
        return {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "done": self.done,
            "seed": self.seed,
        }

    def load(self, state: dict[str, Any]) -> None:
        """Go on from a state; the clips that follow are drawn anew."""
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.done, self.seed = state["done"], state["seed"]
        self._shuffle()

    def _shuffle(self) -> None:
        self.rng = np.random.default_rng([self.seed, self.process, self.done])
        self._noise = torch.Generator().manual_seed(int(self.rng.integers(2**31)))

    def _rate(self) -> float:
        """A short rise, then half a cosine."""
        share = min(1.0, self.done / self.steps)
        return _RATE * min(1.0, (self.done + 1) / 40) * (0.5 * (1 + float(np.cos(np.pi * share))) + 0.01)

    def _follow(self) -> None:
        """Let the average follow the network."""
        share = 1 / min(self.done, _AVERAGED)
        for mean, new in zip(
            self.average.state_dict().values(), self.network.state_dict().values(), strict=True
        ):
            if mean.is_floating_point():
                mean.lerp_(new, share)

    def _draw(self) -> None:
        """Add the examples of a clip."""
        own = self.done > _ALONE and self.rng.random() < _OWN_MASKS
        predict: Predict | None = partial(predicted, self.average) if own else None
        self._keep(examples(self.images, self.rng, predict=predict))

    def _keep(self, new: Iterable[Example]) -> None:
        """Beyond ``_KEPT`` they replace others by chance."""
        for example in new:
            if len(self.kept) < _KEPT:
                self.kept.append(example)
            else:
                self.kept[self.rng.integers(_KEPT)] = example

    def _drawn_batch(self) -> tuple[Tensor, Tensor]:
        """Return evidence and truth, mirrored and disturbed by chance."""
        count = self.batch
        chosen = [self.kept[n] for n in self.rng.integers(len(self.kept), size=count)]
        evidence = torch.from_numpy(np.stack([one.evidence for one in chosen]).astype(np.float32))
        truth = torch.from_numpy(np.stack([one.truth for one in chosen]).astype(np.float32))[:, None]
        if self.rng.random() < 0.5:
            evidence, truth = evidence.flip(3), truth.flip(3)
        colour, maps, flows = evidence[:, :3], evidence[:, 6:9], evidence[:, 9:]
        gain, shift, doubt = (torch.randn(count, 3, 1, 1, generator=self._noise) for _ in range(3))
        colour.mul_(1 + 0.1 * gain).add_(0.1 * shift)
        maps.mul_(1 + 0.15 * doubt)
        flows.mul_(torch.rand(count, 1, 1, 1, generator=self._noise) < 0.9)
        return evidence.contiguous(memory_format=torch.channels_last), truth


def train(process: int, processes: int, training: Training, out: Path, meeting: str) -> None:
    """Take the steps that are left in one process of several; the first one saves and reports."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    training.process = process
    if out.exists():
        training.load(torch.load(out, weights_only=True))
    store = f"file://{meeting}"
    distributed.init_process_group("gloo", init_method=store, rank=process, world_size=processes)
    started, losses = time.monotonic(), [0.0]
    while training.done < training.steps:
        losses.append(training.step())
        if training.done % _MEETING == 0:
            training.meet()
        if process == 0 and (training.done % _REPORT == 0 or training.done == training.steps):
            torch.save(training.state(), out)
            minutes = (time.monotonic() - started) / 60
            mean = np.mean(losses[-100:])
            print(f"{minutes:.1f} min  step {training.done}  loss {mean:.4f}", flush=True)


def train_together(training: Training, *, out: Path, processes: int) -> None:
    """Train in ``processes`` processes and wait for their end."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = processes, training, out, f"{folder}/meeting"
        start_processes(train, arguments, nprocs=processes, start_method="fork")


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the fast tracker's network.")
    parser.add_argument("pictures", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    training = Training(images_load(options.pictures), steps=options.steps, seed=options.seed)
    train_together(training, out=options.out, processes=options.processes)


if __name__ == "__main__":
    main()

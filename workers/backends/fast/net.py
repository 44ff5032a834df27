"""A tiny network over the features of single pixels, trained while tracking."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from workers.backends.fast.arrays import Floats

_MOMENTUM, _SCALE_MEMORY = 0.9, 0.999


class PixelNet:
    """Fully connected layers with ReLU between them and one output: the logit of "object".

    Trained by Adam (Kingma and Ba, 2015) on the cross-entropy.
    """

    def __init__(
        self, sizes: tuple[int, ...], rng: np.random.Generator, *, rate: float, decay: float
    ) -> None:
        """``sizes``: values a layer from input to output (1). ``decay``: pull of weights to 0."""
        self.rate = rate
        self._decay = decay
        self._updates = 0
        self._weights: list[Floats] = []
        for inputs, outputs in pairwise(sizes):
            bound = 1 / np.sqrt(inputs)
            self._weights.append(rng.uniform(-bound, bound, (inputs, outputs)).astype(np.float32))
            self._weights.append(rng.uniform(-bound, bound, outputs).astype(np.float32))
        self._means = [np.zeros_like(weight) for weight in self._weights]
        self._squares = [np.zeros_like(weight) for weight in self._weights]

    def logits(self, inputs: Floats) -> Floats:
        """Return shape ``(n,)`` for ``inputs`` of shape ``(n, values)``."""
        return self._forward(inputs)[-1][:, 0]

    def fit(self, inputs: Floats, labels: Floats) -> None:
        """Take one step towards ``labels``, shape ``(n,)``, 1 for the object and 0 for the rest."""
        layers = self._forward(inputs)
        logits = np.clip(layers[-1][:, 0], -30, 30)
        error: Floats = ((1 / (1 + np.exp(-logits)) - labels) / len(labels))[:, None].astype(np.float32)
        self._updates += 1
        for layer in range(len(self._weights) // 2 - 1, -1, -1):
            gradients = layers[layer].T @ error, error.sum(axis=0)
            if layer:
                error = error @ self._weights[2 * layer].T
                error *= layers[layer] > 0
            self._update(2 * layer, gradients[0])
            self._update(2 * layer + 1, gradients[1])

    def _forward(self, inputs: Floats) -> list[Floats]:
        layers = [inputs]
        last = len(self._weights) - 2
        for index in range(0, len(self._weights), 2):
            output = layers[-1] @ self._weights[index]
            output += self._weights[index + 1]
            if index < last:
                np.maximum(output, 0, out=output)
            layers.append(output)
        return layers

    def _update(self, index: int, gradient: Floats) -> None:
        weight, mean, square = self._weights[index], self._means[index], self._squares[index]
        gradient = gradient + np.float32(self._decay) * weight
        mean += (1 - _MOMENTUM) * (gradient - mean)
        square += (1 - _SCALE_MEMORY) * (gradient * gradient - square)
        step = self.rate / (1 - _MOMENTUM**self._updates)
        scale = np.sqrt(square / (1 - _SCALE_MEMORY**self._updates)) + 1e-8
        weight -= (step * mean / scale).astype(np.float32)

    def state(self) -> dict[str, Any]:
        """Return all that ``from_state`` needs."""
        return {
            "rate": self.rate,
            "decay": self._decay,
            "updates": self._updates,
            "weights": self._weights,
            "means": self._means,
            "squares": self._squares,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> PixelNet:
        """Return the network that ``state`` was taken of."""
        net = cls((1,), np.random.default_rng(0), rate=state["rate"], decay=state["decay"])
        net._updates = state["updates"]
        net._weights, net._means, net._squares = state["weights"], state["means"], state["squares"]
        return net

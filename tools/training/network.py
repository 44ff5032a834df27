"""The network in PyTorch: a small U-Net that corrects a mask which the flow carried along."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from workers.backends.fast.arrays import Floats
from workers.backends.fast.evidence import CARRIED, CHANNELS
from workers.backends.fast.window import SIDE

WIDTHS = (16, 24, 48, 96)
"""Channels at full, half, quarter and eighth size."""


class Block(nn.Sequential):
    """Convolution, batch normalisation, ReLU."""

    def __init__(
        self, inputs: int, outputs: int, *, kernel: int = 3, stride: int = 1, dilation: int = 1
    ) -> None:
        padding = dilation * (kernel // 2)
        super().__init__(
            nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )


class PropagationNetwork(nn.Module):
    """Evidence, shape ``(n, CHANNELS, SIDE, SIDE)``, to two results.

    ``mask``: logits of the object, shape ``(n, 1, SIDE, SIDE)``. ``quality``: the logit of the IoU that
    this mask is expected to have with the true one, shape ``(n, 1)``.
    """

    def __init__(self, widths: tuple[int, int, int, int] = WIDTHS) -> None:
        super().__init__()
        full, half, quarter, eighth = widths
        self.enter = Block(CHANNELS, full)
        self.down_half = nn.Sequential(Block(full, half, stride=2), Block(half, half))
        self.down_quarter = nn.Sequential(Block(half, quarter, stride=2), Block(quarter, quarter))
        self.down_eighth = nn.Sequential(
            Block(quarter, eighth, stride=2), Block(eighth, eighth, dilation=2), Block(eighth, eighth)
        )
        self.narrow_quarter = Block(eighth, quarter, kernel=1)
        self.up_quarter = Block(quarter, quarter)
        self.narrow_half = Block(quarter, half, kernel=1)
        self.up_half = Block(half, half)
        self.narrow_full = Block(half, full, kernel=1)
        self.up_full = Block(full, full)
        self.leave = nn.Conv2d(full, 1, 3, 1, 1)
        self.trust_in_carried = nn.Parameter(torch.tensor(2.0))
        self.judge = nn.Sequential(nn.Linear(eighth + half, 32), nn.ReLU(inplace=True), nn.Linear(32, 1))

    def forward(self, evidence: Tensor) -> tuple[Tensor, Tensor]:
        full = self.enter(evidence)
        half = self.down_half(full)
        quarter = self.down_quarter(half)
        eighth = self.down_eighth(quarter)
        quarter = self.up_quarter(_doubled(self.narrow_quarter(eighth)) + quarter)
        half = self.up_half(_doubled(self.narrow_half(quarter)) + half)
        full = self.up_full(_doubled(self.narrow_full(half)) + full)
        mask = self.leave(full) + self.trust_in_carried * evidence[:, CARRIED : CARRIED + 1]
        quality = self.judge(torch.cat([eighth.mean((2, 3)), half.mean((2, 3))], dim=1))
        return mask, quality


def _doubled(values: Tensor) -> Tensor:
    return functional.interpolate(values, scale_factor=2, mode="bilinear", align_corners=False)


def predicted(network: PropagationNetwork, evidence: Floats) -> Floats:
    """Return the mask, 0..1, of evidence of shape ``(CHANNELS, SIDE, SIDE)``."""
    with torch.no_grad():
        batch = torch.from_numpy(evidence[None]).contiguous(memory_format=torch.channels_last)
        return np.asarray(torch.sigmoid(network(batch)[0])[0, 0].numpy())


def network_export(network: PropagationNetwork, path: Path) -> None:
    """Write the network as ONNX, as OpenCV reads it; any number of objects at once."""
    network.eval()
    torch.onnx.export(
        network,
        (torch.zeros(1, CHANNELS, SIDE, SIDE),),
        str(path),
        dynamo=False,
        opset_version=17,
        input_names=["evidence"],
        output_names=["mask", "quality"],
        dynamic_axes={name: {0: "objects"} for name in ("evidence", "mask", "quality")},
    )

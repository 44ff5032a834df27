"""What training lowers."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def network_loss(mask: Tensor, quality: Tensor, truth: Tensor) -> Tensor:
    """Return the cross-entropy and Dice of the mask, and the cross-entropy of the IoU that is foretold.

    ``mask``: logits, ``truth``: 0..1, both of shape ``(n, 1, h, w)``; ``quality``: logits, ``(n, 1)``.
    """
    found = torch.sigmoid(mask)
    overlap = (found * truth).sum((1, 2, 3))
    total = (found + truth).sum((1, 2, 3))
    dice = 1 - (2 * overlap + 20) / (total + 20)
    judged = functional.binary_cross_entropy_with_logits(quality[:, 0], overlaps(mask, truth))
    return functional.binary_cross_entropy_with_logits(mask, truth) + 0.5 * dice.mean() + 0.05 * judged


def overlaps(mask: Tensor, truth: Tensor) -> Tensor:
    """Return the IoU of each mask with its truth, shape ``(n,)``; 1 where both are empty."""
    with torch.no_grad():
        inside, real = mask > 0, truth > 0.5
        both = (inside & real).sum((1, 2, 3), dtype=torch.float32)
        either = (inside | real).sum((1, 2, 3), dtype=torch.float32)
        return torch.where(either > 0, both / either.clamp(min=1), torch.ones_like(either))

"""``python -m workers.backends.device.probe MODEL DEVICE PRECISION``: what they come to here, as JSON."""

from __future__ import annotations

import json
import sys

import torch

from workers.backends.base import BackendError
from workers.backends.device.finding import device_of, precision_of


def main() -> int:
    """Print device, precision and the GPU's name; 1 and a sentence where there is no such device."""
    model, wish, precision = sys.argv[1:4]
    try:
        device = device_of(wish, model=model)
    except BackendError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    found = {"device": device, "precision": precision_of(precision, device=device)}
    if device.startswith("cuda"):
        found["gpu"] = torch.cuda.get_device_name(device)
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

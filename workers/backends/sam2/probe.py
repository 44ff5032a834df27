"""``python -m workers.backends.sam2.probe DEVICE PRECISION``: what they come to here, as JSON."""

from __future__ import annotations

import json
import sys

import torch

from workers.backends.base import BackendError
from workers.backends.sam2.devices import device_of, precision_of


def main() -> int:
    """Print device, precision and the GPU's name; 1 and a sentence where there is no such device."""
    wish, precision = sys.argv[1:3]
    try:
        device = device_of(wish)
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

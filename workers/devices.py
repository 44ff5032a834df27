"""What device there is for a model, asked of PyTorch in a process of its own.

A process that forks others must not have touched it.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from typing import Any

logger = logging.getLogger(__name__)

PROBE_SECONDS = 120.0


class DeviceMissingError(Exception):
    """There is no such device. ``str(error)`` is the sentence that people read."""


def device_probed(*, model: str, device: str, precision: str) -> dict[str, Any]:
    """Return ``device``, ``precision`` and the ``gpu`` if it is one; nothing when no answer came in time.

    ``model`` is how the sentence calls it. Raises DeviceMissingError.
    """
    command = [sys.executable, "-m", "workers.backends.device.probe", model, device, precision]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PROBE_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        logger.warning("PyTorch did not say within %.0f s what device it has.", PROBE_SECONDS)
        return {}
    if done.returncode:
        raise DeviceMissingError((done.stderr.strip().splitlines() or ["no reason given"])[-1])
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found

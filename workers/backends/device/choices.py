"""What an installation may choose about devices."""

from __future__ import annotations

DEVICES = ("auto", "cpu", "cuda", "mps")
"""``cuda`` may name one GPU: ``cuda:1``. ``auto`` is ``cuda`` where there is one, else ``cpu``."""

PRECISIONS = ("auto", "float32", "bfloat16", "float16")
"""``auto`` is ``bfloat16`` on a GPU that computes with it, else ``float32``."""

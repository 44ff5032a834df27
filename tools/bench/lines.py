"""How a figure is printed, and what is taken of many measurements."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median, quantiles


def figure(name: str, value: float, unit: str, *, ratio: float | None = None, reference: str = "") -> None:
    """Print ``bench <name> <value> <unit> [ratio <r> to <reference>]``."""
    tail = f" ratio {ratio:.2f} to {reference}" if ratio is not None else ""
    print(f"bench {name} {value:.4g} {unit}{tail}", flush=True)


def p95(values: Sequence[float]) -> float:
    """The value that one in twenty exceeds."""
    return quantiles(values, n=20)[-1]


__all__ = ["figure", "median", "p95"]

"""The model of this process: loaded on first use, and one for tracking and for clicks."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from workers.backends.base import BackendError
from workers.backends.sam2.options import Sam2Options

if TYPE_CHECKING:
    from workers.backends.sam2.model import Sam2Model

_DISTRIBUTIONS = ("rf-sam-2", "sam2", "SAM-2")


@cache
def model_loaded(options: Sam2Options) -> Sam2Model:
    """Return the model that ``options`` choose, warmed up where that pays.

    PyTorch is imported here and not before: a process that forks others must not have touched it.
    Raises BackendError when the model cannot be loaded.
    """
    try:
        from workers.backends.sam2.model import model_build
        from workers.backends.sam2.warming import warm_up
    except ImportError as error:
        raise BackendError(
            f"SAM 2 is not installed on this worker ({error.name} is missing). "
            "Install Labelyard with the extra “sam”."
        ) from error
    model = model_build(options)
    if model.device != "cpu" or options.compile:
        warm_up(model)
    return model


def library() -> str:
    """Return the distribution of SAM 2 that is installed, and its version."""
    for name in _DISTRIBUTIONS:
        try:
            return f"{name} {version(name)}"
        except PackageNotFoundError:
            continue
    return "sam2"

"""The model of this process: loaded on first use, and one for words, examples and clicks."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from workers.backends.base import BackendError
from workers.backends.sam3.folder import folder_trouble
from workers.backends.sam3.options import Sam3Options

if TYPE_CHECKING:
    from workers.backends.sam3.model import Sam3


@cache
def model_loaded(options: Sam3Options) -> Sam3:
    """Return the model in the folder that ``options`` name.

    PyTorch is imported here and not before: a process that forks others must not have touched it.
    Raises BackendError when the model cannot be loaded.
    """
    trouble = folder_trouble(options.folder)
    if trouble:
        raise BackendError(trouble)
    try:
        from workers.backends.sam3.model import model_build
    except ImportError as error:
        raise BackendError(
            f"SAM 3 is not installed on this worker ({error.name} is missing). "
            "Install Labelyard with the extra “sam”."
        ) from error
    return model_build(options)


def library() -> str:
    """Return the library that runs the model, and its version."""
    return f"transformers {version('transformers')}"

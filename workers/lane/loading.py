"""A segmenter that has to load a model is offered once that is done; who waits is answered by the others.

Such a one has a method ``load``, which the protocols do not ask for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from workers.backends.base import BackendError

logger = logging.getLogger(__name__)

Get = Callable[[str], Any]
"""Returns a backend by its name; raises BackendError when it cannot be had."""


def ready_at_once(names: Iterable[str], get: Get) -> list[str]:
    """Return those of ``names`` that have nothing to load."""
    return [name for name, load in loads(names, get) if load is None]


def ready_later(names: Iterable[str], get: Get) -> Iterator[str]:
    """Load the others one after the other, and yield each as it is ready. Who cannot load is left out."""
    for name, load in loads(names, get):
        if load is None:
            continue
        try:
            load()
        except BackendError as error:
            logger.error("“%s” is not offered: %s", name, error)
        else:
            yield name


def loads(names: Iterable[str], get: Get) -> Iterator[tuple[str, Callable[[], None] | None]]:
    """Yield each backend's name and what loads it, None where there is nothing to load."""
    for name in names:
        try:
            yield name, getattr(get(name), "load", None)
        except BackendError as error:
            logger.warning("“%s” is not offered: %s", name, error)

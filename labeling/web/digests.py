"""A digest of the content of each static file, which its address carries."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

CHARACTERS = 12


def digest(path: str) -> str:
    """Return the digest of a static file. Raises ``FileNotFoundError`` where there is none."""
    return read_digest(path) if settings.DEBUG else kept_digest(path)


@cache
def kept_digest(path: str) -> str:
    return read_digest(path)


def read_digest(path: str) -> str:
    found = finders.find(path)
    if not found:
        raise FileNotFoundError(f"There is no static file {path}.")
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:CHARACTERS]

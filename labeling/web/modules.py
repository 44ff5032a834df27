"""Our scripts, and which of them import which."""

from __future__ import annotations

import posixpath
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

FOLDER = "labeling"
# An import of a module stands at the start of a line; one of types alone stands in a comment.
IMPORT = re.compile(r'^(?:import|export)\b[^"\';()]*"(\.{1,2}/[^"]+\.js)"', re.MULTILINE)


@cache
def modules() -> tuple[str, ...]:
    """The paths of our own scripts, as static files are named."""
    root = Path(str(finders.find(FOLDER)))
    return tuple(sorted(f"{FOLDER}/{path.relative_to(root).as_posix()}" for path in root.rglob("*.js")))


def reached(path: str) -> tuple[str, ...]:
    """What the script imports, directly and by others: each once, near ones first, itself left out."""
    return find_reached(path) if settings.DEBUG else kept_reached(path)


@cache
def kept_reached(path: str) -> tuple[str, ...]:
    return find_reached(path)


def find_reached(path: str) -> tuple[str, ...]:
    found = [path]
    known = {path}
    for module in found:
        for other in imports_of(module):
            if other not in known:
                known.add(other)
                found.append(other)
    return tuple(found[1:])


def imports_of(path: str) -> list[str]:
    """What the script imports itself. Raises ``FileNotFoundError`` for one that is not there."""
    file = finders.find(path)
    if not file:
        raise FileNotFoundError(f"There is no script {path}.")
    text = Path(file).read_text(encoding="utf-8")
    return [
        posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) for name in IMPORT.findall(text)
    ]

"""Exports: a project or a task in the form of another tool, with what that form cannot hold."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from labeling.errors import LabelyardError, refused
from labeling.formats.coco import coco_document
from labeling.formats.document import ExportProject
from labeling.formats.encord import encord_document
from labeling.models import Project
from labeling.selectors.exports import export_project

Writer = Callable[[ExportProject], tuple[dict[str, Any], list[str]]]

FORMATS: dict[str, Writer] = {"coco": coco_document, "encord": encord_document}


@dataclass(frozen=True)
class Export:
    """A written file, which is the caller's to remove. ``losses``: sentences on what it cannot hold.

    The same labels make the same bytes, so that ``sha256`` says whether anything has changed.
    """

    path: Path
    losses: list[str]
    sha256: str


def export_write(*, project: Project, form: str, task_id: int | None = None) -> Export:
    """Write the project, or one task of it, to a file of its own.

    Raises ``unknown_format`` (422), ``disk_full`` (507).
    """
    document, losses = export_document(project=project, form=form, task_id=task_id)
    folder = settings.CACHE_DIR / "exports"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", suffix=".json", dir=folder, delete=False
        ) as file:
            text = json.dumps(document, separators=(",", ":"), allow_nan=False)
            file.write(text)
    except OSError as error:
        raise LabelyardError(
            "disk_full", f"The export cannot be written: {error.strerror}.", status=507
        ) from error
    return Export(Path(file.name), losses, sha256(text.encode()).hexdigest())


def export_document(
    *, project: Project, form: str, task_id: int | None = None
) -> tuple[dict[str, Any], list[str]]:
    """Return the document itself, and sentences on what the format cannot hold."""
    writer = FORMATS.get(form)
    if writer is None:
        raise refused("unknown_format", f"There is no export to “{form}”; use one of {', '.join(FORMATS)}.")
    return writer(export_project(project=project, task_id=task_id))

"""``export/``: files for other tools."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from typing import IO, Any

from django.core.handlers.asgi import ASGIRequest
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.views import ApiView, Input
from labeling.models import Project
from labeling.selectors.projects import project_get
from labeling.selectors.tasks import task_get
from labeling.services.exports import FORMATS, Export, export_document, export_write

PIECE_BYTES = 1 << 18


class ExportQuery(Input):
    format = serializers.ChoiceField(choices=sorted(FORMATS))
    report = serializers.BooleanField(default=False, help_text="Answer only what the format cannot hold.")


REPORT = inline_serializer(
    name="ExportReport",
    fields={
        "format": serializers.CharField(
            required=False, help_text="Of the report; a file has its own members."
        ),
        "losses": serializers.ListField(
            child=serializers.CharField(),
            required=False,
            help_text="Sentences on what the format cannot hold.",
        ),
    },
)
ANSWERS: Any = {(200, "application/json"): REPORT, (200, "application/octet-stream"): OpenApiTypes.BINARY}


class ExportView(ApiView):
    """What the exports share."""

    def answer(self, project: Project, *, name: str, task_id: int | None = None) -> HttpResponseBase:
        """The file, or what it cannot hold."""
        query = self.query(ExportQuery)
        form = query["format"]
        if query["report"]:
            _, losses = export_document(project=project, form=form, task_id=task_id)
            return Response({"format": form, "losses": losses})
        export = export_write(project=project, form=form, task_id=task_id)
        return download(self.request, export, name=f"{file_name(name)}.{form}.json")


class ProjectExportView(ExportView):
    """A whole project as a file."""

    @extend_schema(parameters=[ExportQuery], responses=ANSWERS, tags=["export"])
    def get(self, request: Request, project_id: int) -> HttpResponseBase:
        """Download the project. The header ``X-Labelyard-Report`` counts what the format cannot hold."""
        project = project_get(user=self.person, project_id=project_id)
        return self.answer(project, name=project.name)


class TaskExportView(ExportView):
    """One task as a file."""

    @extend_schema(parameters=[ExportQuery], responses=ANSWERS, tags=["export"])
    def get(self, request: Request, task_id: int) -> HttpResponseBase:
        """Download the task. The header ``X-Labelyard-Report`` counts what the format cannot hold."""
        task = task_get(task_id=task_id)
        return self.answer(task.project, name=task.title, task_id=task_id)


def file_name(name: str) -> str:
    """The name without what file systems and headers stumble over."""
    return re.sub(r"[^\w.-]+", "_", name, flags=re.ASCII).strip("._")[:100] or "export"


def download(request: Request, export: Export, *, name: str) -> HttpResponseBase:
    """Send the file piece by piece, or say that the caller has it (304). It has no name from here on, so
    that nothing is left of it when nobody reads the answer.
    """
    tag = f'"{export.sha256}"'
    known = get_conditional_response(request._request, etag=tag)
    if known is not None:
        export.path.unlink()
        return known
    size = export.path.stat().st_size
    file = export.path.open("rb")
    export.path.unlink()
    asynchronous = isinstance(request._request, ASGIRequest)
    pieces = pieces_async(file) if asynchronous else pieces_of(file)
    answer = StreamingHttpResponse(pieces, content_type="application/json")
    answer["Content-Length"] = str(size)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["ETag"] = tag
    answer["X-Labelyard-Report"] = str(len(export.losses))
    return answer


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE_BYTES):
            yield piece


async def pieces_async(file: IO[bytes]) -> AsyncIterator[bytes]:
    pieces = pieces_of(file)
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece

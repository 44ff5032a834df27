"""``schema/``: the OpenAPI description of this API."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.conditional import conditional
from labeling.api.permissions import RouteAllowed


@cache
def schema_made() -> dict[str, Any]:
    """The schema, made when it is first asked for: it is the same for everybody. Not to be changed."""
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made


@conditional
class SchemaView(SpectacularAPIView):
    """OpenAPI 3.1, as YAML, or as JSON with ``?format=json``."""

    permission_classes = [RouteAllowed]

    def _get_schema_response(self, request: Request) -> Response:
        name: str = self._get_filename(request, "")  # type: ignore[no-untyped-call]
        return Response(schema_made(), headers={"Content-Disposition": f'inline; filename="{name}"'})

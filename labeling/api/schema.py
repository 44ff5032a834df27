"""``schema/``: the OpenAPI description of this API."""

from __future__ import annotations

from drf_spectacular.views import SpectacularAPIView

from labeling.api.permissions import RouteAllowed


class SchemaView(SpectacularAPIView):
    """OpenAPI 3.1, as YAML, or as JSON with ``?format=json``."""

    permission_classes = [RouteAllowed]

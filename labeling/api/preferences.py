"""``me/preferences/``: what one has set for oneself."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.views import ApiView, storable
from labeling.errors import LabelyardError
from labeling.services.preferences import preferences_change, preferences_of


class MyPreferencesView(ApiView):
    """One's own preferences. ``labeling/services/preferences.py`` lists the keys."""

    @extend_schema(responses=OpenApiTypes.OBJECT, tags=["me"])
    def get(self, request: Request) -> Response:
        """All preferences, defaults where nothing is set."""
        return Response(preferences_of(self.person))

    @extend_schema(request=OpenApiTypes.OBJECT, responses=OpenApiTypes.OBJECT, tags=["me"])
    def patch(self, request: Request) -> Response:
        """Set some, null for the default again. Answers all."""
        changes = request.data
        if not isinstance(changes, dict) or not storable(changes):
            raise LabelyardError("invalid", "Send an object of preferences, without unprintable characters.")
        return Response(preferences_change(user=self.person, changes=changes))

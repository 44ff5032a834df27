"""Answers where no view of the API is reached: in the API's shape below ``/api/``, else as pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

from labeling.api.exceptions import error_json
from labeling.errors import LabelyardError

BELOW = "/api/"


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such address."""
    if not request.path.startswith(BELOW):
        return defaults.page_not_found(request, exception)
    error = LabelyardError("no_such_address", f"There is nothing at {request.path}.", status=404)
    return JsonResponse(error_json(error), status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours, which the log holds."""
    if not request.path.startswith(BELOW):
        return defaults.server_error(request)
    error = LabelyardError("internal", "Something went wrong on our side. The log of the server says what.")
    return JsonResponse(error_json(error), status=500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a request that Django itself refuses, such as one with too many fields."""
    if not request.path.startswith(BELOW):
        return defaults.bad_request(request, exception)
    error = LabelyardError("malformed", "The request cannot be read.")
    return JsonResponse(error_json(error), status=400)

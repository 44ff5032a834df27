"""Every error of the API in one shape: ``{"error": {"code", "sentence", "details"}}``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from labeling.errors import LabelyardError, forbidden, not_found

Details = dict[str, list[str]]

# Django REST framework's own refusals, under our codes. Its sentences are kept where ours is None.
OWN: dict[type[exceptions.APIException], tuple[str, str | None]] = {
    exceptions.ParseError: ("malformed", None),
    exceptions.NotAuthenticated: ("not_signed_in", "Sign in, or send an API token."),
    exceptions.AuthenticationFailed: ("not_signed_in", None),
    exceptions.PermissionDenied: ("forbidden", None),
    exceptions.NotFound: ("not_found", "There is no such thing, or you may not see it."),
    exceptions.MethodNotAllowed: ("method_not_allowed", None),
    exceptions.NotAcceptable: ("not_acceptable", None),
    exceptions.UnsupportedMediaType: ("unsupported_media_type", None),
}


def error_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Turn ``error`` into an answer; None for what is a fault of ours, which is logged and answered 500."""
    known = labelyard_error(error)
    if known is None:
        return None
    headers = {"WWW-Authenticate": "Bearer"} if known.status == 401 else {}
    if known.status == 429:
        headers["Retry-After"] = str(known.details["seconds"])
    return Response(error_json(known), status=known.status, headers=headers)


def error_json(error: LabelyardError) -> dict[str, Any]:
    """The body of the answer."""
    return {"error": {"code": error.code, "sentence": error.sentence, "details": error.details}}


def labelyard_error(error: Exception) -> LabelyardError | None:
    """Return ``error`` in our form; None when it is none that callers cause."""
    if isinstance(error, LabelyardError):
        return error
    if isinstance(error, Http404):
        return not_found("thing")
    if isinstance(error, PermissionDenied):
        return forbidden("You may not do this.")
    if isinstance(error, exceptions.ValidationError):
        return invalid(error)
    if isinstance(error, exceptions.APIException):
        code, sentence = OWN.get(type(error), ("refused", None))
        return LabelyardError(code, sentence or str(error.detail), status=error.status_code)
    return None


def invalid(error: exceptions.ValidationError) -> LabelyardError:
    """One sentence about the first field that is wrong, and all of them in ``details``."""
    details: Details = {}
    for field, sentence in sentences_of(error.detail, path=""):
        details.setdefault(field, []).append(sentence)
    field, (sentence, *_) = next(iter(details.items()), ("", ["This cannot be accepted."]))
    return LabelyardError("invalid", f"{field}: {sentence}" if field else sentence, details=details)


def sentences_of(detail: object, *, path: str) -> Iterator[tuple[str, str]]:
    """Yield (field, sentence) of nested errors; fields inside fields are joined by dots."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            own = str(name) in ("non_field_errors", "")
            yield from sentences_of(inner, path=path if own else f"{path}.{name}".lstrip("."))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            deeper = isinstance(inner, Mapping | list)
            yield from sentences_of(inner, path=f"{path}.{index}".lstrip(".") if deeper else path)
    else:
        yield path, str(detail)

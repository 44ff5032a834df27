"""The tables of ``labeling.access_rules`` as Django REST framework asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from labeling.access import route_permission, route_require
from labeling.errors import LabelyardError
from labeling.models import ApiToken, TokenScope

if TYPE_CHECKING:
    from rest_framework.views import APIView


class RouteAllowed(BasePermission):
    """Looks the rule up by the route's name and the method; raises the error that says what is missing.

    The role that it found is kept on the view as ``role``.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        match = request.resolver_match
        method = request.method or ""
        if match is None:
            return False
        if route_permission(route=match.view_name, method=method) is None and not hasattr(
            view, method.lower()
        ):
            raise MethodNotAllowed(method)
        token = request.auth
        if isinstance(token, ApiToken) and token.scope == TokenScope.READ and method not in SAFE_METHODS:
            raise LabelyardError(
                "scope_too_narrow",
                "This API token may only read; make one with the scope “write”.",
                status=403,
            )
        role = route_require(
            user=request.user,
            route=match.view_name,
            method=method,
            kwargs=match.kwargs,
            by_token=token is not None,
        )
        view.role = role  # type: ignore[attr-defined]
        return True

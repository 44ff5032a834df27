"""Who may see a page: the same table as the API's, and refusals that people can read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url

from labeling.access import route_require
from labeling.access_rules import PERMISSIONS, Permission
from labeling.errors import LabelyardError
from labeling.models import Role, User
from labeling.selectors.events import position_now
from labeling.selectors.notifications import unread_count

HEADINGS = {403: "You may not do this", 404: "There is nothing here", 405: "That is not possible here"}


@dataclass(frozen=True)
class Visit:
    """A request to a page by somebody who may make it; ``role`` is theirs in the page's project.

    ``position`` is that of the last event before the page was made.
    """

    request: HttpRequest
    user: User
    role: Role | None
    position: int

    @property
    def partial(self) -> bool:
        """True when htmx asks for a part of a page."""
        return self.request.headers.get("HX-Request") == "true"

    def may(self, permission: Permission) -> bool:
        """Say whether the person's role in this project allows ``permission``."""
        return self.role is not None and self.role in PERMISSIONS[permission]

    def answer(self, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
        """Render ``template``; it can ask for ``may_manage``, ``may_run``, ``may_label``, ``may_review``.

        ``event_position`` is where its scripts begin to follow the events.
        """
        allowed = {
            "may_manage": self.may(Permission.PROJECT_MANAGE),
            "may_run": self.may(Permission.JOB_RUN),
            "may_label": self.may(Permission.LABEL_WRITE),
            "may_review": self.may(Permission.REVIEW),
        }
        # Counted only where a template shows it.
        told = {"unread_count": partial(unread_count, user=self.user)}
        given = {"role": self.role, "event_position": self.position, **allowed, **told, **context}
        return render(self.request, template, given, status=status)


PageView = Callable[..., HttpResponse]


def page(view: PageView) -> PageView:
    """Guard ``view(visit, **kwargs)`` by the route's rule, and say refusals in place."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            return view(visit_of(request, kwargs), **kwargs)
        except LabelyardError as error:
            return refusal(request, error)

    return guarded


def visit_of(request: HttpRequest, kwargs: Mapping[str, Any]) -> Visit:
    """Authorise the request. Raises 401, 403 and 404 as ``route_require`` does."""
    match = request.resolver_match
    route = match.view_name if match else ""
    role = route_require(user=request.user, route=route, method=request.method or "", kwargs=kwargs)
    assert isinstance(request.user, User)  # noqa: S101  (no guarded page is public)
    return Visit(request, request.user, role, position_now())


def refusal(request: HttpRequest, error: LabelyardError) -> HttpResponse:
    """Send to sign-in who is not signed in; else say the error's sentence."""
    partial = request.headers.get("HX-Request") == "true"
    if error.status == 401:
        if partial:
            return HttpResponse(status=204, headers={"HX-Redirect": resolve_url(settings.LOGIN_URL)})
        return redirect_to_login(way_back(request))
    heading = HEADINGS.get(error.status, "That did not work")
    template = "labelyard/said.html" if partial else "labelyard/error.html"
    return render(request, template, {"heading": heading, "sentence": error.sentence}, status=error.status)


def way_back(request: HttpRequest) -> str:
    """Where signing in leads: to what was asked for; from a form that was sent, to the page it was on."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    origin = f"{request.scheme}://{request.get_host()}"
    page, _, path = request.headers.get("Referer", "").partition(origin)
    return path if not page and path.startswith("/") else resolve_url("projects")

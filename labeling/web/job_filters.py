"""Filters of jobs as addresses have them: what they name, and what that means for who asks."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import QueryDict

from labeling.models import JobKind, JobState, User
from labeling.selectors.job_filter import GROUPS, JobFilter

NUMBERS = ("project", "batch")


def filters_of(told: QueryDict) -> dict[str, str]:
    """Return the filters that the address names; what is not known is left out."""
    state, kind = told.get("state", ""), told.get("kind", "")
    return {
        "state": state if state in GROUPS or state in JobState.values else "",
        "kind": kind if kind in JobKind.values else "",
        "by": "me" if told.get("by") == "me" else "",
        "q": told.get("q", "").replace("\x00", "")[:200],
        **{name: told.get(name, "") if is_id(told.get(name, "")) else "" for name in NUMBERS},
    }


def is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def chosen_by(filters: Mapping[str, str], *, user: User, project_id: int | None = None) -> JobFilter:
    """Return what the filters mean for this person; ``project_id`` is that of a project's own page."""
    project = int(filters["project"]) if filters["project"] else None
    return JobFilter(
        project=project if project_id is None else project_id,
        state=filters["state"],
        kind=filters["kind"],
        author=user.pk if filters["by"] else None,
        batch=int(filters["batch"]) if filters["batch"] else None,
        search=filters["q"],
    )


def narrowing(filters: Mapping[str, str]) -> str:
    """The filters as an address has them, without the page that is turned to."""
    return urlencode({name: value for name, value in filters.items() if value})

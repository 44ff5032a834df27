"""Following events by position, each reader only those of their own projects."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from labeling.models import ApiToken, Event, EventCursor, Member

EVENTS_MAX = 500


@dataclass(frozen=True, slots=True)
class EventView:
    """An event as readers see it."""

    position: int
    kind: str
    project: int
    task: int | None
    job: int | None
    media: int | None
    payload: dict[str, Any]
    at: str

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def position_now() -> int:
    """Return the position of the newest event that readers can see."""
    return EventCursor.objects.values_list("position", flat=True).first() or 0


def events_after(position: int, *, project_ids: Collection[int] | None = None) -> list[EventView]:
    """Return events after ``position`` in order, at most 500; of all projects when none are named."""
    rows = Event.objects.filter(position__gt=position)
    if project_ids is not None:
        rows = rows.filter(project_id__in=project_ids)
    columns = ("position", "kind", "project_id", "task_id", "job_id", "media_id", "payload", "at")
    found = rows.order_by("position").values_list(*columns)[:EVENTS_MAX]
    return [
        EventView(number, kind, project, task, job, media, payload, at.isoformat())
        for number, kind, project, task, job, media, payload, at in found
        if number is not None
    ]


def project_ids_of(user_id: int) -> set[int]:
    """Return the projects that the user is a member of."""
    return set(Member.objects.filter(user_id=user_id).values_list("project_id", flat=True))


@dataclass(frozen=True, slots=True)
class Credential:
    """By what a reader was let in, asked again while they read: their session, or their token."""

    user_id: int
    token_id: int | None = None
    session_key: str | None = None


def readers_now(credentials: Collection[Credential]) -> dict[Credential, frozenset[int]]:
    """Return the projects of each reader who is still let in. Three queries, however many readers."""
    tokens = {one.token_id for one in credentials if one.token_id is not None}
    sessions = {one.session_key for one in credentials if one.session_key is not None}
    now = timezone.now()
    good_tokens = set(
        ApiToken.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), pk__in=tokens)
        .filter(revoked_at__isnull=True)
        .values_list("pk", flat=True)
    )
    good_sessions = set(
        Session.objects.filter(session_key__in=sessions, expire_date__gt=now).values_list(
            "session_key", flat=True
        )
    )
    projects: dict[int, set[int]] = {}
    users = {one.user_id for one in credentials}
    members = Member.objects.filter(user_id__in=users, user__is_active=True)
    for user_id, project_id in members.values_list("user_id", "project_id"):
        projects.setdefault(user_id, set()).add(project_id)
    return {
        one: frozenset(projects.get(one.user_id, ()))
        for one in credentials
        if one.token_id in good_tokens or (one.token_id is None and one.session_key in good_sessions)
    }

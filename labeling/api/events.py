"""``events/``: what happened, by polling or as a stream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.access import require
from labeling.access_rules import Permission
from labeling.api.feed import Feed, Reader, feed
from labeling.api.views import ApiView, Input, ReferenceField
from labeling.errors import LabelyardError
from labeling.models import ApiToken
from labeling.selectors.events import (
    EVENTS_MAX,
    Credential,
    EventView,
    events_after,
    position_now,
    project_ids_of,
)

# A proxy or a browser that hears nothing for long hangs up; and a reader that is gone is noticed.
SILENCE_SECONDS = 15.0
RECONNECT_MILLISECONDS = 2000


class EventSerializer(serializers.Serializer[EventView]):
    """Something that happened. ``position`` orders the events of all projects, with gaps."""

    position = serializers.IntegerField()
    kind = serializers.CharField()
    project = serializers.IntegerField()
    task = serializers.IntegerField(allow_null=True)
    job = serializers.IntegerField(allow_null=True)
    media = serializers.IntegerField(allow_null=True)
    payload = serializers.DictField()
    at = serializers.DateTimeField()


class EventQuery(Input):
    after = serializers.IntegerField(
        min_value=0, max_value=2**63 - 1, required=False, help_text="Without it: only the position now."
    )
    project = ReferenceField(required=False)


class StreamQuery(Input):
    project = ReferenceField(required=False)
    after = serializers.IntegerField(min_value=0, max_value=2**63 - 1, required=False)


class EventsView(ApiView):
    """Events of one's projects."""

    @extend_schema(
        parameters=[EventQuery],
        responses=inline_serializer(
            name="EventList",
            fields={"events": EventSerializer(many=True), "position": serializers.IntegerField()},
        ),
        tags=["events"],
    )
    def get(self, request: Request) -> Response:
        """Events after a position, at most 500. Ask again from the ``position`` of the answer."""
        query = self.query(EventQuery)
        project_ids = readable(self, query.get("project"))
        top = position_now()
        after = query.get("after", top)
        events = events_after(after, project_ids=project_ids)
        position = events[-1].position if len(events) == EVENTS_MAX else max(top, after)
        shown = [event.to_json() for event in events if event.position <= position]
        return Response({"events": shown, "position": position})


def readable(view: ApiView, project_id: int | None) -> set[int]:
    """The projects that the person may read, or the one that they ask for."""
    if project_id is None:
        return project_ids_of(view.person.pk)
    require(user=view.person, project_id=project_id, permission=Permission.PROJECT_READ)
    return {project_id}


class EventStreamView(ApiView):
    """Events of one's projects as they happen."""

    unlimited = True

    @extend_schema(
        parameters=[
            StreamQuery,
            OpenApiParameter("Last-Event-ID", OpenApiTypes.STR, OpenApiParameter.HEADER),
        ],
        responses={(200, "text/event-stream"): OpenApiTypes.STR},
        tags=["events"],
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Server-sent events: ``id`` is the position, ``data`` the event. Goes on from Last-Event-ID."""
        query = self.query(StreamQuery)
        project_id = query.get("project")
        project_ids = readable(self, project_id)
        token = request.auth
        reader = Reader(
            credential=Credential(
                user_id=self.person.pk,
                token_id=token.pk if isinstance(token, ApiToken) else None,
                session_key=None if token is not None else request.session.session_key,
            ),
            project_ids=frozenset(project_ids),
            project_id=project_id,
        )
        after = last_event_id(request)
        answer = StreamingHttpResponse(
            EventStream(reader, after=query.get("after") if after is None else after),
            content_type="text/event-stream",
        )
        answer["Cache-Control"] = "no-store"
        answer["X-Accel-Buffering"] = "no"
        return answer


def last_event_id(request: Request) -> int | None:
    text = request.headers.get("Last-Event-ID", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise LabelyardError("invalid_last_event_id", "Last-Event-ID holds the position of an event.")
    return int(text)


class EventStream:
    """The text of a stream. It leaves the feed when it ends, and when the server closes the answer."""

    def __init__(self, reader: Reader, *, after: int | None) -> None:
        self.reader = reader
        self.after = after
        self.text: AsyncIterator[str] | None = None
        self.leave: Callable[[], object] | None = None

    def __aiter__(self) -> AsyncIterator[str]:
        return self

    async def __anext__(self) -> str:
        # The view made this in a thread; the feed is that of the loop which reads it.
        if self.text is None:
            source, loop = feed(), asyncio.get_running_loop()
            self.leave = lambda: loop.call_soon_threadsafe(source.leave, self.reader)
            self.text = stream(source, self.reader, after=self.after)
        return await anext(self.text)

    def close(self) -> None:
        """Called by the server, from any thread. The generator may be left where it stands."""
        if self.leave is not None:
            self.leave()


async def stream(source: Feed, reader: Reader, *, after: int | None) -> AsyncIterator[str]:
    """Yield what was missed after ``after`` (None: nothing), then what happens. Ends with the access."""
    position = await source.join(reader)
    try:
        since = position if after is None else min(after, position)
        # Without data this is no event to the page; it sets where a reconnection goes on.
        yield f"retry: {RECONNECT_MILLISECONDS}\nid: {since}\n\n"
        while since < position and not reader.ended:
            start, projects = since, reader.project_ids
            missed = await source.read(lambda: events_after(start, project_ids=projects))  # noqa: B023
            for event in missed:
                if event.position <= position and reader.may_read(event):
                    yield message(event)
            since = missed[-1].position if len(missed) == EVENTS_MAX else position
        async for text in live(reader):
            yield text
    finally:
        source.leave(reader)


async def live(reader: Reader) -> AsyncIterator[str]:
    """Yield what comes, and a comment when nothing does for a while."""
    while True:
        try:
            event = await asyncio.wait_for(reader.queue.get(), timeout=SILENCE_SECONDS)
        except TimeoutError:
            yield ": still here\n\n"
            continue
        if event is None:
            return
        # What was queued before the access was taken away is not for this reader any more.
        if reader.may_read(event):
            yield message(event)


def message(event: EventView) -> str:
    return f"id: {event.position}\ndata: {json.dumps(event.to_json(), separators=(',', ':'))}\n\n"

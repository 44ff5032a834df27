"""``watches/``: listings of buckets that are repeated by themselves."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.listings import ListingSerializer, WhatInput
from labeling.api.pages import PageQuery, page, page_of
from labeling.api.people import PersonSerializer
from labeling.api.preconditions import SettingsView
from labeling.api.views import ApiView
from labeling.models import Watch, WatchState
from labeling.selectors.connections import connection_get
from labeling.selectors.watches import watch_get, watch_list
from labeling.services.listings import ListingOrder, suffixes_of
from labeling.services.watches import (
    EVERY_LEAST,
    EVERY_MOST,
    watch_create,
    watch_delete,
    watch_switch_off,
    watch_switch_on,
    watch_update,
)


class WatchSerializer(serializers.ModelSerializer[Watch]):
    """A watch: ``every_minutes``, or daily ``at`` a time (UTC). ``listing`` is its last one, ``failures`` how
    many have failed in a row; ``error`` says why it is paused."""

    state = serializers.ChoiceField(choices=WatchState.choices)
    suffixes = serializers.ListField(child=serializers.CharField())
    listing = ListingSerializer(allow_null=True)
    switched_by = PersonSerializer(allow_null=True)
    created_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Watch
        fields = (
            "id", "project", "connection", "state", "prefix", "suffixes", "folders_as", "when_changed",
            "make_tasks", "every_minutes", "at", "next_at", "listing", "failures", "error_code", "error",
            "switched_by", "created_by", "created_at",
        )  # fmt: skip


class WatchInput(WhatInput):
    every_minutes = serializers.IntegerField(
        min_value=EVERY_LEAST, max_value=EVERY_MOST, required=False, allow_null=True
    )
    at = serializers.TimeField(
        required=False, allow_null=True, help_text="Instead of minutes: once a day at this time, UTC."
    )


class ConnectionWatchesView(ApiView):
    """The watches of a connection."""

    @extend_schema(
        parameters=[PageQuery],
        operation_id="connections_watches_list",
        responses=page_of(WatchSerializer),
        tags=["connections"],
    )
    def get(self, request: Request, connection_id: int) -> Response:
        """List them, each with its last listing."""
        rows = watch_list(connection_id=connection_id)
        return page(rows, query=self.query(PageQuery), serializer=WatchSerializer)

    @extend_schema(request=WatchInput, responses={201: WatchSerializer}, tags=["connections"])
    def post(self, request: Request, connection_id: int) -> Response:
        """Make a watch, which is off: a listing that is repeated, so that new objects are registered."""
        body = self.body(WatchInput)
        rhythm = {name: body.pop(name) for name in ("every_minutes", "at") if name in body}
        suffixes = suffixes_of(body.pop("kinds"), body.pop("suffixes"))
        connection = connection_get(connection_id=connection_id)
        order = ListingOrder(suffixes=suffixes, **body)
        made = watch_create(user=self.person, connection=connection, order=order, **rhythm)
        return Response(shown(made.pk), status=status.HTTP_201_CREATED)


class WatchView(SettingsView):
    """One watch."""

    noun = "watch"
    changeable = ("prefix", "suffixes", "folders_as", "when_changed", "make_tasks", "every_minutes", "at")

    @extend_schema(responses=WatchSerializer, tags=["connections"])
    def get(self, request: Request, watch_id: int) -> Response:
        """What it lists, when it does so next, and what the last listing came to."""
        return Response(shown(watch_id))

    @extend_schema(request=WatchInput, responses=WatchSerializer, tags=["connections"])
    def patch(self, request: Request, watch_id: int) -> Response:
        """Change it; `kinds` and `suffixes` are said anew together. `on/` and `off/` switch it."""
        changes = self.body(WatchInput, partial=True)
        if "kinds" in changes or "suffixes" in changes:
            changes["suffixes"] = suffixes_of(changes.pop("kinds", ()), changes.get("suffixes", ()))
        watch = watch_get(watch_id=watch_id)
        with self.as_seen(watch, told=lambda: shown(watch_id)):
            watch_update(watch=watch_get(watch_id=watch_id), **changes)
        return Response(shown(watch_id))

    @extend_schema(responses={204: None}, tags=["connections"])
    def delete(self, request: Request, watch_id: int) -> Response:
        """Remove it. Its listings, and what they registered, stay."""
        watch = watch_get(watch_id=watch_id)
        with self.as_seen(watch, told=lambda: shown(watch_id)):
            watch_delete(watch=watch)
        return Response(status=status.HTTP_204_NO_CONTENT)


class WatchOnView(ApiView):
    @extend_schema(request=None, responses=WatchSerializer, tags=["connections"])
    def post(self, request: Request, watch_id: int) -> Response:
        """List from now on: at once, or at the next time of day."""
        watch_switch_on(user=self.person, watch=watch_get(watch_id=watch_id))
        return Response(shown(watch_id))


class WatchOffView(ApiView):
    @extend_schema(request=None, responses=WatchSerializer, tags=["connections"])
    def post(self, request: Request, watch_id: int) -> Response:
        """List no more. A listing that is at work goes on."""
        watch_switch_off(watch=watch_get(watch_id=watch_id))
        return Response(shown(watch_id))


def shown(watch_id: int) -> Any:
    return WatchSerializer(watch_get(watch_id=watch_id)).data

"""``listings/``: registering what lies in a bucket."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.pages import PageQuery, page, page_of
from labeling.api.people import PersonSerializer
from labeling.api.views import ApiView, Input
from labeling.models import Listing, WhenChanged
from labeling.models.listing import FOLDER_CHOICES
from labeling.selectors.connections import connection_get, listing_get, listing_list
from labeling.services.listings import (
    KINDS,
    KINDS_WITH_FRAMES,
    SUFFIXES_MAX,
    ListingOrder,
    listing_cancel,
    listing_create,
    listing_preview,
    listing_retry,
    suffixes_of,
)


class ListingSerializer(serializers.ModelSerializer[Listing]):
    """A listing: ``seen`` objects, of them ``added`` as media, ``same`` as the bytes of others, ``known``
    from before, ``changed`` since, ``skipped`` for ``reasons``; ``vanished`` are known ones that are gone."""

    created_by = PersonSerializer(allow_null=True)
    reasons = serializers.DictField(child=serializers.IntegerField())
    suffixes = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Listing
        fields = (
            "id", "project", "connection", "state", "prefix", "suffixes", "folders_as", "when_changed",
            "make_tasks", "cursor", "seen", "added", "same", "known", "changed", "vanished", "skipped",
            "reasons", "error_code", "error", "due_at", "created_by", "created_at", "started_at",
            "finished_at",
        )  # fmt: skip


class WhatInput(Input):
    """What a listing, or each of a watch, takes of a bucket, and what it makes of it."""

    prefix = serializers.CharField(
        max_length=1024,
        allow_blank=True,
        trim_whitespace=False,
        required=False,
        help_text="Keys that begin so; it begins with the connection's prefix, which is the default.",
    )
    kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=KINDS),
        default=list(KINDS_WITH_FRAMES),
        help_text="By the endings of the keys; an empty list takes all objects.",
    )
    suffixes = serializers.ListField(
        child=serializers.RegexField(r"^\.?[^\s/]{1,20}$"),
        max_length=SUFFIXES_MAX,
        default=list,
        help_text="Endings that are taken beside those of the kinds.",
    )
    folders_as = serializers.ChoiceField(
        choices=FOLDER_CHOICES,
        allow_blank=True,
        required=False,
        help_text="The pictures of each folder are one media of this kind, in the natural order of their "
        "names. Without it, each is a media of its own.",
    )
    when_changed = serializers.ChoiceField(choices=WhenChanged.choices, default=WhenChanged.SAY)
    make_tasks = serializers.BooleanField(default=True)


class ListingInput(WhatInput):
    dry_run = serializers.BooleanField(
        default=False, help_text="Only say what the first 1,000 keys would come to."
    )


class PreviewSerializer(serializers.Serializer[Any]):
    """What the first page of keys would come to; ``whole`` when there are no more."""

    seen = serializers.IntegerField()
    new = serializers.IntegerField()
    known = serializers.IntegerField()
    skipped = serializers.DictField(child=serializers.IntegerField())
    sample = serializers.ListField(child=serializers.CharField())
    whole = serializers.BooleanField()


class ConnectionListingsView(ApiView):
    """The listings of a connection."""

    @extend_schema(
        parameters=[PageQuery],
        operation_id="connections_listings_list",
        responses=page_of(ListingSerializer),
        tags=["connections"],
    )
    def get(self, request: Request, connection_id: int) -> Response:
        """List them, newest first."""
        rows = listing_list(connection_id=connection_id)
        return page(rows, query=self.query(PageQuery), serializer=ListingSerializer, newest_first=True)

    @extend_schema(
        request=ListingInput, responses={202: ListingSerializer, 200: PreviewSerializer}, tags=["connections"]
    )
    def post(self, request: Request, connection_id: int) -> Response:
        """Queue the registration of all objects below a prefix. Workers do it; follow `listings/{id}/`.

        Objects that are known from before are not registered again. One that changed keeps its media as it
        is, which says so; with `when_changed` `register` the new object is a media of its own.
        """
        body = self.body(ListingInput)
        connection = connection_get(connection_id=connection_id)
        order = ListingOrder(
            prefix=body.get("prefix"),
            suffixes=suffixes_of(body["kinds"], body["suffixes"]),
            folders_as=body.get("folders_as", ""),
            when_changed=body["when_changed"],
            make_tasks=body["make_tasks"],
        )
        if body["dry_run"]:
            preview = listing_preview(connection=connection, order=order)
            return Response(PreviewSerializer(preview).data)
        listing = listing_create(user=self.person, connection=connection, order=order)
        return Response(ListingSerializer(listing).data, status=status.HTTP_202_ACCEPTED)


class ListingView(ApiView):
    """One listing."""

    @extend_schema(responses=ListingSerializer, tags=["connections"])
    def get(self, request: Request, listing_id: int) -> Response:
        """How far it is."""
        return Response(ListingSerializer(listing_get(listing_id=listing_id)).data)


class ListingCancelView(ApiView):
    """Ending a listing."""

    @extend_schema(request=None, responses=ListingSerializer, tags=["connections"])
    def post(self, request: Request, listing_id: int) -> Response:
        """End it; what it registered stays."""
        listing = listing_get(listing_id=listing_id)
        listing_cancel(listing=listing)
        return Response(ListingSerializer(listing).data)


class ListingRetryView(ApiView):
    """Taking a listing up again."""

    @extend_schema(request=None, responses=ListingSerializer, tags=["connections"])
    def post(self, request: Request, listing_id: int) -> Response:
        """Go on with one that failed or was cancelled, after the last key it had got to."""
        listing = listing_get(listing_id=listing_id)
        listing_retry(listing=listing)
        return Response(ListingSerializer(listing).data)

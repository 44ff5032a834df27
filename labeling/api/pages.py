"""Lists in pages: ``{"results": […], "next": cursor}``, by id, so that no row is skipped or shown twice."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.response import Response

from labeling.api.views import Input

LIMIT_DEFAULT = 50
LIMIT_MAX = 500

Row = TypeVar("Row", bound=Model)


class PageQuery(Input):
    """Which page: ``cursor`` is the ``next`` of the page before."""

    cursor = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    limit = serializers.IntegerField(default=LIMIT_DEFAULT, min_value=1, max_value=LIMIT_MAX)


def page(
    rows: QuerySet[Row],
    *,
    query: dict[str, Any],
    serializer: type[serializers.BaseSerializer[Any]],
    newest_first: bool = False,
    context: Callable[[list[Row]], dict[str, Any]] | None = None,
) -> Response:
    """Answer one page of ``rows``. ``query`` is what a ``PageQuery`` read.

    ``context`` makes the serializer's context out of the rows that are shown.
    """
    cursor, limit = query.get("cursor"), query["limit"]
    ordered = rows.order_by("-pk" if newest_first else "pk")
    if cursor is not None:
        ordered = ordered.filter(**{"pk__lt" if newest_first else "pk__gt": cursor})
    found = list(ordered[: limit + 1])
    shown = found[:limit]
    following = str(shown[-1].pk) if len(found) > limit else None
    results = serializer(shown, many=True, context=context(shown) if context else {}).data
    return Response({"results": results, "next": following})


@cache
def page_of(serializer: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """The schema of a page of ``serializer``."""
    return inline_serializer(
        name=f"{serializer.__name__.removesuffix('Serializer')}Page",
        fields={
            "results": serializer(many=True),
            "next": serializers.CharField(allow_null=True, help_text="The cursor of the next page."),
        },
    )

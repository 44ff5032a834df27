"""Reading watches."""

from __future__ import annotations

from django.db.models import QuerySet

from labeling.errors import not_found
from labeling.models import Watch

WITH = ("connection__project", "listing", "switched_by", "created_by")


def watch_list(*, connection_id: int) -> QuerySet[Watch]:
    """Return the watches of a connection with their last listings."""
    return Watch.objects.filter(connection_id=connection_id).select_related(*WITH)


def watch_get(*, watch_id: int) -> Watch:
    """Return a watch with its connection and its last listing. Raises ``not_found``."""
    watch = Watch.objects.select_related(*WITH).filter(pk=watch_id).first()
    if watch is None:
        raise not_found("watch")
    return watch

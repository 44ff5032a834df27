"""Filters of the queue that people keep under names of theirs."""

from __future__ import annotations

from labeling.errors import not_found, refused
from labeling.models import SavedFilter, User

MOST, NAME_MAX = 50, 60


def saved_filter_keep(*, user: User, name: str, query: str) -> SavedFilter:
    """Keep ``query`` (an address after its question mark) as ``name``; a filter of that name is replaced.

    Raises ``filter_nameless`` and ``too_many_filters`` (422).
    """
    name = name.strip()
    if not name or len(name) > NAME_MAX:
        raise refused("filter_nameless", f"Give the filter a name of up to {NAME_MAX} characters.")
    others = SavedFilter.objects.filter(user=user).exclude(name=name)
    if others.count() >= MOST:
        raise refused("too_many_filters", f"You have {MOST} filters already. Forget one of them before.")
    kept, _ = SavedFilter.objects.update_or_create(user=user, name=name, defaults={"query": query})
    return kept


def saved_filter_forget(*, user: User, filter_id: int) -> None:
    """Forget a filter of this person. Raises ``not_found``, also for anybody else's."""
    forgotten, _ = SavedFilter.objects.filter(user=user, pk=filter_id).delete()
    if not forgotten:
        raise not_found("filter")

"""Reading what somebody asked of many jobs."""

from __future__ import annotations

from django.db.models import QuerySet

from labeling.errors import not_found
from labeling.models import BulkAction, User


def bulk_list(*, user: User) -> QuerySet[BulkAction]:
    """Return the actions of this person."""
    return BulkAction.objects.filter(user=user)


def bulk_get(*, user: User, action_id: int) -> BulkAction:
    """Return an action of this person. Raises ``not_found``, also for anybody else's."""
    action = bulk_list(user=user).filter(pk=action_id).first()
    if action is None:
        raise not_found("bulk action")
    return action

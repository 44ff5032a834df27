"""Bulk actions got on with: what somebody asked of thousands of jobs is done some jobs at a time."""

from __future__ import annotations

from labeling.models import BulkAction
from labeling.services.bulk_actions import bulk_carry_next

AT_ONCE = 20


def tend_bulk_actions() -> int:
    """Get one step on with each action that is under way; return how many jobs were looked at."""
    waiting = BulkAction.objects.filter(finished_at=None).select_related("user").order_by("pk")
    return sum(bulk_carry_next(action=action) for action in waiting[:AT_ONCE])

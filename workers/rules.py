"""Rules got on with: what they noticed is handed to batches; and buckets that are watched are listed.

Each step is a transaction that begins by moving a row on, so any number of processes may do this.
"""

from __future__ import annotations

from django.db.models.functions import Now

from labeling.models import Watch, WatchState
from labeling.services.rules.ordering import rule_order_next, rules_waiting
from labeling.services.rules.switching import spent_hold_back
from labeling.services.watches import watch_list_next

AT_ONCE = 20


def tend_rules() -> int:
    """Get one step on with each rule that has tasks waiting; return how many were handed over."""
    return spent_hold_back() + sum(rule_order_next(rule=rule) for rule in rules_waiting()[:AT_ONCE])


def tend_watches() -> int:
    """Order the listings that are due; return how many."""
    due = Watch.objects.filter(state=WatchState.ON, next_at__lte=Now())
    rows = due.select_related("connection", "listing", "switched_by").order_by("next_at")
    return sum(watch_list_next(watch=watch) for watch in rows[:AT_ONCE])

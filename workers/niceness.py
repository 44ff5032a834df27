"""Bulk work leaves the cores to clicks and pages: on a machine that has both, a person waits for these."""

from __future__ import annotations

import os
from typing import Any

from celery.signals import celeryd_after_setup
from django.conf import settings

from workers.lane.offering import INTERACTIVE


@celeryd_after_setup.connect
def stand_back(sender: str, instance: Any, **kwargs: Any) -> None:
    """Lower the priority of a worker that answers no clicks, and of the processes that it forks."""
    if INTERACTIVE not in instance.app.amqp.queues.consume_from:
        os.nice(max(0, settings.BULK_NICENESS))

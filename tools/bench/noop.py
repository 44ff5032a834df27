"""A Celery app that does nothing: what the queue itself costs."""

from __future__ import annotations

import os

from celery import Celery

app = Celery("noop", broker=os.environ["REDIS_URL"])
app.conf.update(
    task_ignore_result=True, worker_prefetch_multiplier=1, broker_connection_retry_on_startup=True
)


@app.task(name="noop.nothing")
def nothing() -> None:
    """Do nothing."""

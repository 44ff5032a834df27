"""The Celery app: its queues and its habits. Retries, leases and results are the database's."""

from __future__ import annotations

import os

import django
from celery import Celery
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labeling.settings")
django.setup()

from django.conf import settings  # noqa: E402  (settings exist after the set-up)

QUEUES = ("interactive", "gpu", "cpu", "media", "webhooks")

app = Celery("labelyard", broker=settings.REDIS_URL, include=["workers.thunks"])
app.conf.update(
    task_queues=[Queue(name) for name in QUEUES],
    task_default_queue="cpu",
    task_ignore_result=True,
    # A message is only a doorbell: taken off the queue at once, recovered by leases if it is lost.
    task_acks_late=False,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
)

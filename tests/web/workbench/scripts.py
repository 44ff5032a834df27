"""Runs of the scripted tracker that wait, and a worker that takes them while a page looks on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test import override_settings

from labeling.models import Instance, Job, User
from labeling.services.jobs import job_submit
from labeling.services.orders import TrackOrder
from workers.runner import run_next

FRAMES = 40


@contextmanager
def working() -> Iterator[None]:
    """A real worker's code takes the part that waits, in a thread, while the block runs."""

    def work() -> None:
        run_next(capability="cpu")
        connection.close()

    with override_settings(SCRIPTED_BACKEND=True):
        worker = threading.Thread(target=work)
        worker.start()
        yield
        worker.join(timeout=60)


def ordered(user: User, instance: Instance, **script: object) -> Job:
    """An order of the scripted tracker over ``FRAMES`` frames."""
    order = TrackOrder(
        instances=(instance.pk,),
        first_frame=0,
        last_frame=FRAMES - 1,
        algorithm="scripted",
        backend={"script": script},
    )
    with override_settings(SCRIPTED_BACKEND=True):
        return job_submit(user=user, task=instance.task, order=order).job

"""A worker's parent tells that it is alive while it forks the processes that run parts."""

from __future__ import annotations

import os
import threading

import pytest

from labeling.models import Worker
from labeling.selectors.workers import worker_list
from labeling.services.algorithms import offer_of
from workers import announcing
from workers.announcing import announce, writing

pytestmark = pytest.mark.engine


class Sender:
    """The name by which Celery's signals call a worker."""

    hostname = "bulk@here"


@pytest.mark.django_db
def test_a_worker_that_leaves_is_gone_at_once_and_what_it_offered_stays_known() -> None:
    announce(name=Sender.hostname, queues=["cpu"])
    assert [worker.name for worker in worker_list()] == [Sender.hostname]
    announcing.end(Sender)
    assert not worker_list().exists()
    offered = offer_of("fast")
    assert offered is not None
    assert offered.name == "fast"
    announce(name=Sender.hostname, queues=["cpu"])
    assert worker_list().get().left_at is None
    assert Worker.objects.count() == 1


@pytest.mark.django_db
def test_every_worker_of_the_cpu_queue_interpolates() -> None:
    announce(name=Sender.hostname, queues=["cpu"])
    assert "interpolation" in Worker.objects.get().algorithms
    announce(name=Sender.hostname, queues=["gpu"])
    assert "interpolation" not in Worker.objects.get().algorithms


def test_no_process_is_forked_in_the_middle_of_a_write() -> None:
    """Else the child takes SQLite's lock over, which nobody ever opens."""
    begun, finish = threading.Event(), threading.Event()
    done: list[str] = []

    def write() -> None:
        with writing:
            begun.set()
            finish.wait()
            done.append("written")

    writer = threading.Thread(target=write)
    writer.start()
    begun.wait()
    threading.Timer(0.05, finish.set).start()
    child = os.fork()
    if child == 0:
        os._exit(0 if writing.acquire(blocking=False) else 1)
    assert done == ["written"]
    writer.join()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

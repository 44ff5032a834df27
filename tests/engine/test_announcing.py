"""A worker's parent tells that it is alive while it forks the processes that run parts."""

from __future__ import annotations

import os
import threading

import pytest

from workers.announcing import writing

pytestmark = pytest.mark.engine


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

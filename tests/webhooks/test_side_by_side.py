"""Several requests are under way to an endpoint at once, those of a job one after another."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from labeling.models import Delivery, DeliveryState, Job, Task, Webhook
from labeling.services.events import job_event_write
from labeling.stack.ports import free_port
from tests.waiting import until
from tests.webhooks.conftest import Make, deliver, relay
from tests.webhooks.receiver import Handler, Receiver, answers
from tools.bench.hooks import log_read, out_of_order, receiver_running
from workers.webhooks import rounds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]

KINDS = ("job.queued", "job.started", "job.succeeded")


def make_jobs(task: Task, count: int) -> list[Job]:
    return [
        Job.objects.create(project=task.project, task=task, kind="track", first_frame=0, last_frame=9)
        for _ in range(count)
    ]


def tell(jobs: list[Job]) -> None:
    for kind in KINDS:
        for job in jobs:
            job_event_write(job=job, kind=kind)


def test_jobs_go_side_by_side_once_the_first_request_is_delivered(
    task: Task, make: Make, receiver: Receiver
) -> None:
    make()
    together = threading.Barrier(3)

    def respond(handler: Handler) -> None:
        if len(receiver.heard) > 1:
            together.wait(10)
        answers(200)(handler)

    receiver.respond = respond
    jobs = make_jobs(task, 4)
    for job in jobs:
        job_event_write(job=job, kind="job.queued")
    deliver()
    assert set(Delivery.objects.values_list("state", "attempts")) == {(DeliveryState.DELIVERED, 1)}
    assert len(receiver.heard) == 4
    # It is known to do well now: none has to go ahead.
    for job in jobs[:3]:
        job_event_write(job=job, kind="job.started")
    deliver()
    assert set(Delivery.objects.values_list("state", "attempts")) == {(DeliveryState.DELIVERED, 1)}
    assert len(receiver.heard) == 7


@pytest.mark.parametrize(("jobs", "at_once"), [(1, 8), (3, 1)])
def test_what_may_not_go_side_by_side_goes_one_after_another(
    task: Task, make: Make, receiver: Receiver, jobs: int, at_once: int
) -> None:
    make(at_once=at_once)
    busy = threading.Lock()
    overlaps: list[str] = []

    def respond(handler: Handler) -> None:
        if not busy.acquire(blocking=False):
            overlaps.append(handler.path)
            return answers(200)(handler)
        try:
            # Each is committed before the next of its job is sent: the one before is on record by now.
            told = Delivery.objects.exclude(state=DeliveryState.WAITING).count()
            if jobs == 1 and told != len(receiver.heard) - 1:
                overlaps.append(f"{told} on record")
        finally:
            connection.close()
            busy.release()
        return answers(200)(handler)

    receiver.respond = respond
    tell(make_jobs(task, jobs))
    deliver()
    assert len(receiver.heard) == jobs * len(KINDS)
    assert overlaps == []


def test_dead_and_slow_endpoints_cost_the_live_ones_nothing_that_they_wait_for(
    task: Task, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``make bench ARGS=webhooks`` in short, by the log of a receiver in a process of its own."""
    monkeypatch.setattr(settings, "WEBHOOK_TIMEOUT_SECONDS", 2.0)
    log, live, jobs = tmp_path / "heard", 4, make_jobs(task, 5)
    with receiver_running(log) as receiver:
        urls = [receiver.url(f"/live/{number}") for number in range(live)]
        dead = [f"http://127.0.0.1:{free_port()}/", receiver.url("/hole/")]
        for url in (*dead, receiver.url("/slow/"), *urls):
            make(name=url, url=url, at_once=2)
        for _ in range(2):
            tell(jobs)
        relay()
        wanted = live * len(jobs) * len(KINDS) * 2
        with_workers(
            monkeypatch, lambda: until(lambda: receiver.heard() == wanted, seconds=120, what="the live ones")
        )
    heard = log_read(log)
    assert out_of_order(heard) == 0
    assert len({(one.path, one.event) for one in heard if one.path.startswith("/live/")}) == wanted
    assert Delivery.objects.filter(webhook__url__in=urls, state=DeliveryState.DELIVERED).count() == wanted
    assert not Delivery.objects.filter(webhook__url__in=dead, state=DeliveryState.DELIVERED).exists()
    assert not Webhook.objects.filter(url__in=dead, failures_in_row=0).exists()


def with_workers(monkeypatch: pytest.MonkeyPatch, wait: Callable[[], None]) -> None:
    """Have two workers make their rounds until ``wait`` is over."""
    over = threading.Event()
    monkeypatch.setattr(rounds, "leaving", over.is_set)

    def work() -> None:
        try:
            while not over.is_set():
                rounds.Round(holder=threading.current_thread().name).run()
                over.wait(0.05)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        wait()
    finally:
        over.set()
        for thread in threads:
            thread.join()

"""2,000 events told to 20 endpoints, of which two are dead and one is slow.

One worker sends, as the stack has it. The seconds until the 17 live ones have heard everything stand
beside those of a run with these alone. What arrived, and in which order, is read from the log of a
receiver that is a process of its own.
``EVENTS=10000`` in the environment makes it as long as what is promised; it takes minutes.
"""

from __future__ import annotations

from tools import ready  # noqa: F401

# isort: split
import os
import sys
import tempfile
import time
from pathlib import Path

import psutil
from django.conf import settings

from labeling.models import Delivery, DeliveryAttempt, Event, Job, Project, User, Webhook
from labeling.services.webhooks import webhook_create, webhook_test
from labeling.stack.ports import free_port
from labeling.stack.programs import webhooks_worker
from tests.factories import make_media, make_ontology, make_task
from tools.bench.hooks import Receiver, log_read, out_of_order, receiver_running
from tools.bench.lines import figure
from tools.faults.shop import Shop, wait_for

EVENTS = int(os.environ.get("EVENTS", "2000"))
JOBS, LIVE = 100, 17
KIND = "job.started"


def main(database: str) -> None:
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    project = Project.objects.create(name="Bench", ontology=make_ontology())
    task = make_task(media=make_media(project=project))
    jobs = Job.objects.bulk_create(
        Job(project=project, task=task, kind="track", first_frame=0, last_frame=9, parameters={})
        for _ in range(JOBS)
    )
    alone, work = seconds_told(jobs, bad=False)
    beside, more = seconds_told(jobs, bad=True)
    told = f"{EVENTS} events to {LIVE} endpoints alone ({alone:.4g} s)"
    figure(f"webhooks_alone_{database}", EVENTS * LIVE / alone, "deliveries/s")
    figure(f"webhooks_beside_dead_and_slow_{database}", beside, "s", ratio=beside / alone, reference=told)
    # Of the worker's processor, which does not depend on what else the machine does.
    each = 1e6 * work / (EVENTS * LIVE)
    figure(f"webhooks_work_{database}", each, "us a delivery")
    figure(
        f"webhooks_work_beside_{database}", more, "s", ratio=more / work, reference=f"alone ({work:.4g} s)"
    )


def seconds_told(jobs: list[Job], *, bad: bool) -> tuple[float, float]:
    """Seconds from the commit of the events until every live endpoint has heard all of them, and how many
    of its processor the worker took for it."""
    clear()
    environment = {**os.environ, "LABELYARD_WEBHOOK_PRIVATE_HOSTS": "127.0.0.1"}
    with tempfile.TemporaryDirectory() as name:
        log = Path(name) / "heard"
        shop = Shop(environment=environment, workers=0, logs=Path(name), hasty=False)
        with receiver_running(log) as receiver, shop:
            shop.workers.append(shop.start("webhooks", webhooks_worker().command))
            warm_up(endpoints(jobs[0].project, receiver, bad=bad), receiver)
            write_events(jobs)
            worker = psutil.Process(shop.workers[-1].pid)
            start, worked = time.monotonic(), sum(worker.cpu_times()[:2])
            wanted = LIVE * (EVENTS + 1)
            wait_for(lambda: receiver.heard() >= wanted, seconds=1800, what="the last delivery")
            seconds, work = time.monotonic() - start, sum(worker.cpu_times()[:2]) - worked
        check(log)
    return seconds, work


def check(log: Path) -> None:
    """Raise unless every live endpoint has heard every event, in the order of its job."""
    heard = log_read(log)
    if wrong := out_of_order(heard):
        raise AssertionError(f"{wrong} requests overtook others of their job.")
    told = {(one.path, one.event) for one in heard if one.path.startswith("/live/") and one.kind == KIND}
    if len(told) != LIVE * EVENTS:
        raise AssertionError(f"{LIVE * EVENTS - len(told)} deliveries were lost.")


def clear() -> None:
    for rows in (DeliveryAttempt.objects.all(), Delivery.objects.all(), Webhook.objects.all()):
        rows._raw_delete(rows.db)


def endpoints(project: Project, receiver: Receiver, *, bad: bool) -> list[Webhook]:
    """Return the live ones; the dead (one refuses, one never answers) and the slow one stand between them."""
    user, _ = User.objects.get_or_create(username="bench")
    paths = [f"/live/{number}" for number in range(LIVE)]
    urls = [receiver.url(path) for path in paths]
    if bad:
        urls[12:12] = [receiver.url("/slow/")]
        urls[6:6] = [receiver.url("/hole/")]
        urls[2:2] = [f"http://127.0.0.1:{free_port()}/refused/"]
    made = [
        webhook_create(user=user, project=project, name=url[-40:], url=url, kinds=[KIND]).webhook
        for url in urls
    ]
    return [webhook for webhook in made if "/live/" in webhook.url]


def warm_up(live: list[Webhook], receiver: Receiver) -> None:
    """Have the worker send something to each, so that its start is not measured."""
    for webhook in live:
        webhook_test(webhook=webhook)
    wait_for(lambda: receiver.heard() >= LIVE, seconds=120, what="the tests at all live endpoints")


def write_events(jobs: list[Job]) -> None:
    numbers = range(EVENTS)
    Event.objects.bulk_create(
        (
            Event(
                kind=KIND, project=job.project, task=job.task, job=job, number=None,
                payload={"state": "running", "turn": number},
            )
            for number in numbers
            for job in [jobs[number % len(jobs)]]
        ),
        batch_size=500,
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1])

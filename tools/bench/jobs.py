"""Whole lives of scripted jobs against bare Celery no-op tasks, one worker process each.

A job's life is order, claim, labels, commit, finish and events, in the database; a no-op task is a
message. Both are queued first and timed from the first order to the last end.
"""

from __future__ import annotations

from tools import ready  # noqa: F401

# isort: split
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.conf import settings

from labeling import queue
from labeling.models import Job, Media, Project
from labeling.services.jobs import job_submit
from labeling.services.orders import TrackOrder
from tests.engine.clips import clip_task
from tests.factories import make_instance, make_label, make_ontology, make_task
from tools.bench.lines import figure, median
from tools.bench.noop import app, nothing
from tools.faults.orders import all_ended
from tools.faults.shop import Shop, kill_group, wait_for

JOBS, TASKS, ROUNDS = 200, 2000, 3
FRAMES = 5


def main(database: str) -> None:
    settings.SCRIPTED_BACKEND = True
    project = Project.objects.create(name="Bench", ontology=make_ontology())
    jobs, tasks = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        media = clip_task(project, folder).media
        for _ in range(ROUNDS):
            tasks.append(tasks_a_second(folder))
            jobs.append(jobs_a_second(folder, media))
    figure(
        f"job_lives_{database}",
        median(jobs),
        "jobs/s",
        ratio=median(jobs) / median(tasks),
        reference=f"no-op Celery tasks ({median(tasks):.4g}/s)",
    )


def jobs_a_second(folder: Path, media: Media) -> float:
    """Order ``JOBS`` jobs and run them with one worker that is warm already."""
    with Shop(environment=dict(os.environ), workers=1, logs=folder, hasty=False):
        run_jobs(media, 5)
        return JOBS / run_jobs(media, JOBS)


def run_jobs(media: Media, count: int) -> float:
    tasks = [make_task(media=media, last_frame=FRAMES - 1) for _ in range(count)]
    instances = [make_instance(task=task) for task in tasks]
    for instance in instances:
        make_label(instance=instance, frame=0)
    start = time.monotonic()
    made: list[Job] = []
    for task, instance in zip(tasks, instances, strict=True):
        order = TrackOrder(
            instances=(instance.pk,), first_frame=0, last_frame=FRAMES - 1, algorithm="scripted"
        )
        made.append(job_submit(user=None, task=task, order=order).job)
    wait_for(lambda: all_ended(made), seconds=300, what="the end of all jobs")
    return time.monotonic() - start


def tasks_a_second(folder: Path) -> float:
    """Send ``TASKS`` no-op tasks to one warm worker."""
    command = [sys.executable, "-m", "celery", "-A", "tools.bench.noop", "worker", "-P", "prefork", "-c", "1"]
    with (folder / "noop.log").open("ab") as log:
        worker = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        send_tasks(20)
        return TASKS / send_tasks(TASKS)
    finally:
        kill_group(worker)


def send_tasks(count: int) -> float:
    start = time.monotonic()
    with app.producer_pool.acquire(block=True) as producer:
        for _ in range(count):
            nothing.apply_async(producer=producer)
    wait_for(lambda: queue.broker().llen("celery") == 0, seconds=300, what="the end of all no-op tasks")
    return time.monotonic() - start


if __name__ == "__main__":
    main(sys.argv[1])

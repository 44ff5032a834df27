"""The faults: each breaks something while jobs run, waits for their end and counts the damage."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from labeling import queue
from labeling.models import Job, JobState, Media, Part, PartState
from tools.faults.crowded import crowd_media, crowd_submit, crowd_task
from tools.faults.dumps import Damage, Labels, damage, labels_of
from tools.faults.film import film_media, film_submit, film_task
from tools.faults.orders import all_ended, make_task, submit
from tools.faults.shop import Shop, holder_pid, running_part, wait_for

END_SECONDS = 240.0


@dataclass(frozen=True)
class Report:
    """``times`` a fault was made, and what it cost."""

    fault: str
    times: int
    damage: Damage

    def line(self) -> str:
        return f"fault {self.fault} {self.times} lost {self.damage.lost} duplicated {self.damage.duplicated}"


def undisturbed_labels(media: Media) -> Labels:
    """Run the order once, with workers that nobody touches, and return its labels."""
    return labels_of_run(submit(make_task(media), delay=0.0))


def labels_of_run(job: Job) -> Labels:
    """Wait for the job's end and return what stands in its task."""
    finish([job])
    return labels_of(job.task_id)


def kill_holders(shop: Shop, media: Media, *, undisturbed: Labels, times: int, seed: int) -> Report:
    """kill -9 of the process that holds a part, at random moments; now and then of its whole worker."""
    chance = random.Random(seed)  # noqa: S311  (repeatable, not secret)
    jobs: list[Job] = []
    kills = 0
    while kills < times:
        keep_busy(jobs, media)
        wait_for(lambda: running_part() is not None, seconds=60, what="a part at work")
        pause(chance.uniform(0.0, 0.5))
        if chance.random() < 0.1:
            shop.kill_worker(chance.randrange(shop.count))
            kills += 1
        else:
            kills += signal_holder(signal.SIGKILL)
        shop.replace_dead()
    return report("kill-worker", kills, jobs, undisturbed)


def kill_fast_trackers(shop: Shop, media: Media, *, undisturbed: Labels, times: int, seed: int) -> Report:
    """kill -9 of the process that tracks a film with the fast tracker, some commits into the run.

    Its checkpoints hold nets, memories and the frames they learnt from; between key frames a part that
    goes on has to look back again.
    """
    film = film_media(media.project)
    order = FilmOrder("kill-fast-tracker", lambda: film_submit(film_task(film)), least=0.5, most=3.0)
    return kill_on_film(shop, order, times=times, seed=seed)


def kill_detectors(shop: Shop, media: Media, *, undisturbed: Labels, times: int, seed: int) -> Report:
    """kill -9 of the process that looks for things in a film and links them, or fills the frames between."""
    crowded = crowd_media(media.project)
    order = FilmOrder("kill-detector", lambda: crowd_submit(crowd_task(crowded)), least=0.1, most=0.8)
    return kill_on_film(shop, order, times=times, seed=seed)


@dataclass(frozen=True)
class FilmOrder:
    """An order on a film of its own, and after how many seconds at least and at most its holder is killed."""

    fault: str
    begin: Callable[[], Job]
    least: float
    most: float


def kill_on_film(shop: Shop, order: FilmOrder, *, times: int, seed: int) -> Report:
    """Kill the holder again and again, one job after the other; compare with a run that nobody touched."""
    chance = random.Random(seed)  # noqa: S311  (repeatable, not secret)
    alone = labels_of_run(order.begin())
    jobs: list[Job] = []
    kills = 0
    while kills < times:
        if not jobs or all_ended(jobs):
            jobs.append(order.begin())
        wait_for(lambda: running_part() is not None or all_ended(jobs), seconds=60, what="a part at work")
        pause(chance.uniform(order.least, order.most))
        kills += signal_holder(signal.SIGKILL)
        shop.replace_dead()
    return report(order.fault, kills, jobs, alone)


def wipe_broker(shop: Shop, media: Media, *, undisturbed: Labels, times: int, seed: int) -> Report:
    """Empty the whole broker while jobs are queued: the rows are the jobs, bells are rung again."""
    jobs: list[Job] = []
    for _ in range(times):
        jobs += [submit(make_task(media), delay=0.001) for _ in range(4)]
        queue.broker().flushall()
    return report("wipe-broker", times, jobs, undisturbed)


def wake_after_lease(shop: Shop, media: Media, *, undisturbed: Labels, times: int, seed: int) -> Report:
    """Freeze a holder until another has its part, then let it go on: it must write nothing."""
    jobs: list[Job] = []
    for _ in range(times):
        jobs.append(submit(make_task(media), delay=0.02))
        freeze_and_wake(jobs[-1])
    return report("wake-after-lease", times, jobs, undisturbed)


def freeze_and_wake(job: Job) -> None:
    wait_for(lambda: at_work(job) is not None, seconds=60, what="the part at work, some frames in")
    part = at_work(job)
    pid = holder_pid(part) if part else None
    if part is None or pid is None:
        return
    os.kill(pid, signal.SIGSTOP)
    try:
        wait_for(
            lambda: Part.objects.get(pk=part.pk).token > part.token or all_ended([job]),
            seconds=60,
            what="the part in other hands",
        )
        wait_for(
            lambda: (Part.objects.get(pk=part.pk).position or 0) > (part.position or 0),
            seconds=60,
            what="a commit of the new holder",
        )
    finally:
        os.kill(pid, signal.SIGCONT)


def at_work(job: Job) -> Part | None:
    return Part.objects.filter(job=job, state=PartState.RUNNING, position__gte=3).first()


SCENARIOS: dict[str, Callable[..., Report]] = {
    "kill-worker": kill_holders,
    "wipe-broker": wipe_broker,
    "wake-after-lease": wake_after_lease,
    "kill-fast-tracker": kill_fast_trackers,
    "kill-detector": kill_detectors,
}


def keep_busy(jobs: list[Job], media: Media) -> None:
    """Keep two jobs for each worker in the queue."""
    while Job.objects.filter(state__in=(JobState.QUEUED, JobState.RUNNING)).count() < 4:
        jobs.append(submit(make_task(media), delay=0.02, instances_per_part=2))


def signal_holder(number: signal.Signals) -> int:
    part = running_part()
    pid = holder_pid(part) if part else None
    if pid is None:
        return 0
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return 0
    return 1


def pause(seconds: float) -> None:
    """Let the workers get on for a random while: the random point of the kill."""
    time.sleep(seconds)


def finish(jobs: list[Job]) -> None:
    wait_for(lambda: all_ended(jobs), seconds=END_SECONDS, what="the end of all jobs")


def report(fault: str, times: int, jobs: list[Job], undisturbed: Labels) -> Report:
    finish(jobs)
    failed = [job.pk for job in Job.objects.filter(pk__in=[j.pk for j in jobs]).exclude(state="succeeded")]
    if failed:
        raise AssertionError(f"Jobs {failed} did not succeed.")
    total = Damage(0, 0)
    for job in jobs:
        total += damage(task_id=job.task_id, undisturbed=undisturbed)
    return Report(fault, times, total)

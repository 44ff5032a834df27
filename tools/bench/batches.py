"""A batch of 10,000 tasks: dry run, all its jobs queued, memory, cancelled. The page of 200,000 jobs. The
wait of another project's single job beside such a batch, counted in parts.

Seconds stand beside those of writing as many bare rows, one statement a row, in the same run. Each has a
figure ``_cpu`` of processor time, that of the database's server with it, which other work on the machine
hardly moves.
"""

from __future__ import annotations

from tools import ready  # noqa: F401

# isort: split
import resource
import sys
from datetime import timedelta

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from labeling.geometry.packing import shape_pack
from labeling.geometry.shapes import Box, ShapeKind
from labeling.models import (
    Batch,
    Instance,
    Job,
    JobState,
    Label,
    Media,
    MediaKind,
    MediaState,
    Member,
    Part,
    Project,
    Provenance,
    Role,
    Task,
    User,
)
from labeling.selectors.tasks import TaskFilter
from labeling.services.batches.dry_run import batch_dry_run
from labeling.services.batches.orders import BatchOrder, batch_submit
from labeling.services.batches.specification import BatchSpan, SpanKind, Specification
from labeling.services.batches.steering import batch_cancel
from labeling.services.jobs import job_submit
from labeling.services.orders import TrackOrder
from tests.factories import class_of, make_instance, make_label, make_media, make_ontology, make_task
from tools.bench.lines import figure, p95
from tools.bench.processor import Spent, spent
from workers.batches import tend_batches
from workers.claim import claim_part

TASKS, JOBS, PAGES = 10_000, 200_000, 60
SPECIFICATION = Specification(
    TrackOrder(instances=(), first_frame=0, last_frame=0, algorithm="scripted"),
    BatchSpan(SpanKind.SEED, frames=30),
)


def main(database: str) -> None:
    project = Project.objects.create(name="Bench", ontology=make_ontology())
    fill(project)
    analyze()
    bare = bare_rows().wall
    reference = f"{TASKS} bare rows ({bare:.3g} s)"
    batch_dry_run(project=project, chosen=TaskFilter(search="task 00"), specification=SPECIFICATION)
    told = spent(lambda: batch_dry_run(project=project, chosen=TaskFilter(), specification=SPECIFICATION))
    figures(f"batch_dry_run_{database}", told, bare, reference)
    before = peak_mib()
    told = spent(lambda: submit(project))
    figures(f"batch_submit_{database}", told, bare, reference)
    figure(f"batch_submit_memory_{database}", peak_mib() - before, "MiB")
    figure(f"batch_wait_of_another_{database}", waited(), "parts")
    batch = Batch.objects.get()
    told = spent(lambda: cancel(batch))
    figures(f"batch_cancel_{database}", told, bare, reference)
    page_of_jobs(project, database)


def figures(name: str, told: Spent, bare: float, reference: str) -> None:
    figure(name, told.wall, "s", ratio=told.wall / bare, reference=reference)
    figure(f"{name}_cpu", told.client + told.server, "s")


def fill(project: Project) -> None:
    """Tasks of a media each, with an object that a person labelled on the first frame."""
    box = class_of(ontology=project.ontology, shape=ShapeKind.BOUNDING_BOX)
    packed = shape_pack(Box(100, 100, 50, 40))
    for start in range(0, TASKS, 1000):
        numbers = range(start, start + 1000)
        media = Media.objects.bulk_create(
            Media(
                project=project, title=f"media {number}", kind=MediaKind.VIDEO, state=MediaState.READY,
                storage_key=f"bench/{number}", sha256=f"{number:064x}", size_bytes=1, width=640, height=360,
                frame_count=100, fps=25.0,
            )
            for number in numbers
        )  # fmt: skip
        tasks = Task.objects.bulk_create(
            Task(project=project, media=one, title=f"task {number:05}", first_frame=0, last_frame=99)
            for number, one in zip(numbers, media, strict=True)
        )
        instances = Instance.objects.bulk_create(
            Instance(task=task, object_class=box, object_hash=f"{task.pk:08x}", number=1) for task in tasks
        )
        Label.objects.bulk_create(
            Label(
                task_id=one.task_id, instance=one, frame=0, geometry=packed, provenance=Provenance.MANUAL,
                confidence=1.0, protected=True, seq=1, updated_at=timezone.now(),
            )
            for one in instances
        )  # fmt: skip


def analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def bare_rows() -> Spent:
    """What as many single rows take, in one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_bare (id INTEGER, words VARCHAR(100))")

    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for number in range(TASKS):
                cursor.execute("INSERT INTO bench_bare VALUES (%s, %s)", (number, "a few words"))

    return spent(write)


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def submit(project: Project) -> None:
    """Order, and get on with it until every task has its job."""
    order = BatchOrder(chosen=TaskFilter(), specification=SPECIFICATION)
    batch = batch_submit(user=None, project=project, order=order).batch
    while tend_batches():
        pass
    batch.refresh_from_db()
    assert batch.count_queued == TASKS


def waited() -> int:
    """How many parts of the batch one worker takes before the single job of another project."""
    other = Project.objects.create(name="Single", ontology=make_ontology())
    for _ in range(3):
        assert claim_part(capability="cpu", holder="bench", algorithms=["scripted"])
    task = make_task(media=make_media(project=other))
    instance = make_instance(task=task)
    make_label(instance=instance, frame=0)
    order = TrackOrder(instances=(instance.pk,), first_frame=0, last_frame=29, algorithm="scripted")
    single = job_submit(user=None, task=task, order=order).job
    for parts in range(TASKS):
        lease = claim_part(capability="cpu", holder="bench", algorithms=["scripted"])
        assert lease is not None
        if lease.job_id == single.pk:
            return parts
    raise AssertionError("The single job never had its turn.")


def cancel(batch: Batch) -> None:
    """Ask, and get on until only what a worker holds is left."""
    batch_cancel(batch=batch, keep=True)
    while Batch.objects.exclude(verb="").exists():
        tend_batches()
    batch.refresh_from_db()
    assert batch.count_queued == 0


def page_of_jobs(project: Project, database: str) -> None:
    """The pages of the queue and of a project with many jobs, in steps through its states."""
    user = User.objects.create_user("watcher")
    Member.objects.create(project=project, user=user, role=Role.MANAGER)
    pile(project)
    analyze()
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    states = ("", "?state=active", "?state=failed", "?state=succeeded", "?state=running", "?state=queued")
    addresses = [f"{page}{state}" for page in ("/jobs/", f"/projects/{project.pk}/jobs/") for state in states]
    client.get(addresses[0])
    times, queries = list[Spent](), set()
    for turn in range(PAGES):
        address = addresses[turn % len(addresses)]
        with CaptureQueriesContext(connection) as asked:
            times.append(spent(lambda: client.get(address)))  # noqa: B023
        queries.add(len(asked))
    figure(f"jobs_page_p95_{database}", p95([one.wall for one in times]) * 1000, "ms")
    figure(f"jobs_page_cpu_p95_{database}", p95([one.client + one.server for one in times]) * 1000, "ms")
    figure(f"jobs_page_queries_{database}", max(queries), "queries")


def pile(project: Project) -> None:
    """Jobs of all states with a part each."""
    tasks = list(Task.objects.filter(project=project).values_list("pk", flat=True)[:1000])
    now = timezone.now()
    states = [JobState.SUCCEEDED] * 8 + [JobState.QUEUED, JobState.FAILED]
    for start in range(0, JOBS, 5000):
        jobs = Job.objects.bulk_create(
            Job(
                project=project, task_id=tasks[number % 1000], kind="track", algorithm="scripted",
                first_frame=0, last_frame=9, frames_total=10, state=(state := states[number % 10]),
                finished_at=None if state == JobState.QUEUED else now, parameters={},
            )
            for number in range(start, start + 5000)
        )  # fmt: skip
        Part.objects.bulk_create(
            Part(
                job=job, number=0, capability="cpu", algorithm="scripted", project=project, frames_total=10,
                state="queued" if job.state == JobState.QUEUED else "done",
                started_at=job.finished_at and now - timedelta(seconds=5), finished_at=job.finished_at,
            )
            for job in jobs
        )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1])

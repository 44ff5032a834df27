"""SAM 2 in a worker of its own: announced by a parent without PyTorch, loaded in the child it forks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from labeling.geometry.shapes import ShapeKind
from labeling.models import Job, JobState, Part, Project, Task, Worker
from tests import factories
from tests.backends.sam2_micro import micro_environment, need_sam2
from tests.backends.shapes import disk_bitmask
from tests.engine.clips import clip_task
from tests.engine.ordering import track
from tests.engine.test_runner import tracked_frames
from tests.waiting import until
from tools.faults.shop import Shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sam2_there(scratch: Path, environment: dict[str, str]) -> dict[str, str]:
    need_sam2()
    return {**environment, **micro_environment(scratch / "micro")}


@pytest.fixture
def shop(sam2_there: dict[str, str], tmp_path: Path) -> Iterator[Shop]:
    """One worker for both queues, as the embedded stack has, of a parent and the process it forks."""
    with Shop(environment=sam2_there, workers=1, logs=tmp_path, queues="cpu,gpu") as shop:
        yield shop


@pytest.fixture
def clip(project: Project, tmp_path: Path) -> Task:
    return clip_task(project, tmp_path)


def told() -> dict[str, str]:
    """What the worker announces of SAM 2; nothing before it does."""
    worker = Worker.objects.filter(algorithms__has_key="sam2").first()
    return worker.algorithms["sam2"] if worker else {}


def position(job: Job) -> int:
    return Part.objects.get(job=job).position or 0


def test_a_killed_worker_is_followed_by_one_that_goes_on(shop: Shop, clip: Task) -> None:
    until(lambda: told().get("device") == "cpu", seconds=90, what="the worker's announcement")
    assert (told()["model"], told()["precision"]) == ("micro", "float32")
    assert "demonstration" in told()["note"]
    car = factories.make_instance(task=clip, shape=ShapeKind.BITMASK)
    factories.make_label(instance=car, frame=0, shape=disk_bitmask(60, 40, 41))
    job = track(clip, car, last=59, algorithm="sam2")
    until(lambda: position(job) >= 5, seconds=120, what="the first commits")
    shop.kill_worker(0)
    assert Job.objects.get(pk=job.pk).state == JobState.RUNNING
    shop.replace_dead()
    until(lambda: Job.objects.get(pk=job.pk).state == JobState.SUCCEEDED, seconds=120, what="the job's end")
    job.refresh_from_db()
    assert tracked_frames(car) == list(range(1, 60))
    assert any("went on from its last masks" in warning for warning in job.warnings)


def test_announcing_does_not_import_pytorch(sam2_there: dict[str, str]) -> None:
    """A process that has touched it must not fork."""
    program = (
        "import sys, django; django.setup();"
        "from workers.announcing import offer, offered; from workers.backends.registry import tracker_names;"
        "from workers.backends.clickers import clicker_get; clicker_get('sam2');"
        "assert 'sam2' in offer(tracker_names()); assert 'sam2' in offered('gpu');"
        "assert 'torch' not in sys.modules and 'sam2' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], env=sam2_there, check=True)


@pytest.mark.parametrize("checkpoint", ["", "/nowhere/sam2.pt", "sam2.1_hiera_tiny"])
def test_without_a_checkpoint_nothing_is_offered(environment: dict[str, str], checkpoint: str) -> None:
    program = (
        "import django; django.setup();"
        "from workers.backends.registry import tracker_names; from workers.sam2 import sam2_missing;"
        "assert 'sam2' not in tracker_names(); assert 'heckpoint' in sam2_missing()"
    )
    environment = {**environment, "LABELYARD_SAM2_CHECKPOINT": checkpoint}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)


def test_without_pytorch_nothing_is_offered(sam2_there: dict[str, str], tmp_path: Path) -> None:
    """As on a worker that was installed without the extra."""
    program = (
        "import sys; sys.modules['torch'] = None; import django; django.setup();"
        "from workers.sam2 import sam2_missing; from workers.backends.registry import tracker_names;"
        "assert 'PyTorch cannot be imported' in sam2_missing(), sam2_missing();"
        "assert 'sam2' not in tracker_names()"
    )
    subprocess.run([sys.executable, "-c", program], env=sam2_there, check=True)

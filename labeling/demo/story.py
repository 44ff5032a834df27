"""The demo's steps, each timed and said: project, video, two labels by hand, a tracking job, exports."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from labeling.demo.video import FIRST_FRAME, LAST_FRAME, RIDER, VAN
from labelyard import Client, Job, Project

ONTOLOGY = {
    "name": "Street",
    "classes": [
        {"name": "Vehicle", "color": "#2f6fde", "shape": "bounding_box"},
        {"name": "Rider", "color": "#e0812e", "shape": "polygon"},
    ],
}
EXPORTS = {"coco": "coco.json", "encord": "encord.json"}
WAIT_SECONDS = 600.0

Say = Callable[[str], None]


class Story:
    """Plays the demo against a running stack and says what it does."""

    def __init__(self, *, client: Client, say: Say) -> None:
        self.client = client
        self.say = say

    def play(self, *, video: Path, folder: Path) -> int:
        """Run all steps, write the exports into ``folder``, and return the task's id."""
        with self.step("Made a project with the classes Vehicle and Rider"):
            project = self.client.projects.create(name="Street, a demo", ontology=ONTOLOGY)
        with self.step(f"Uploaded {video.name} and read its frames"):
            task = self.task_of_upload(project, video)
        with self.step(f"Drew a van and a rider by hand on frame {FIRST_FRAME}"):
            instances = self.draw(project, task)
        with self.step(f"Tracked both over frames {FIRST_FRAME} to {LAST_FRAME}, through the queue"):
            job = self.track(task, instances)
        self.tell_job(task, job)
        folder.mkdir(parents=True, exist_ok=True)
        for kind, name in EXPORTS.items():
            with self.step(f"Exported {kind}: {folder / name}"):
                self.client.exports.project(project.id, format=kind, to=folder / name)
        return task

    @contextmanager
    def step(self, done: str) -> Iterator[None]:
        """Time a step and say it when it is done."""
        start = time.monotonic()
        yield
        self.say(f"{time.monotonic() - start:6.1f} s  {done}")

    def task_of_upload(self, project: Project, video: Path) -> int:
        media = self.client.media.wait(self.client.media.upload(project.id, video), timeout=WAIT_SECONDS)
        return next(task.id for task in self.client.tasks.list(project.id) if task.media.id == media.id)

    def draw(self, project: Project, task: int) -> list[int]:
        ontology = self.client.projects.ontology(project)
        made = []
        for name, shape in (("Vehicle", VAN), ("Rider", RIDER)):
            object_class = ontology.class_named(name)
            instance = self.client.instances.create(task, object_class=object_class.id)
            self.client.labels.put(instance.id, FIRST_FRAME, shape)
            made.append(instance.id)
        return made

    def track(self, task: int, instances: list[int]) -> Job:
        job = self.client.jobs.track(
            task, instances=instances, first_frame=FIRST_FRAME, last_frame=LAST_FRAME, algorithm="fast"
        )
        return self.client.jobs.wait(job, timeout=WAIT_SECONDS)

    def tell_job(self, task: int, job: Job) -> None:
        table = self.client.labels.read(task, first_frame=FIRST_FRAME, last_frame=LAST_FRAME)
        tracked = [label for label in table if label.provenance == "tracked"]
        sure = sum(1 for label in tracked if label.confidence >= 0.5)
        self.say(
            f"          {job.labels_written} labels written by job {job.id} ({job.model_version}), "
            f"{sure} of them with a confidence of at least 0.5"
        )

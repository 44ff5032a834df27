"""The demo's steps, each timed and said: project, video, two labels by hand, a tracking job, exports."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from labeling.demo.client import Client
from labeling.demo.video import FIRST_FRAME, LAST_FRAME, RIDER, VAN
from labeling.errors import LabelyardError

ONTOLOGY = {
    "name": "Street",
    "classes": [
        {"name": "Vehicle", "color": "#2f6fde", "shape": "bounding_box"},
        {"name": "Rider", "color": "#e0812e", "shape": "polygon"},
    ],
}
EXPORTS = {"coco": "coco.json", "encord": "encord.json"}
WAIT_SECONDS = 600.0
POLL_SECONDS = 0.25
FINAL = ("succeeded", "partial", "failed", "cancelled")

Say = Callable[[str], None]


class Story:
    """Plays the demo against a running stack and says what it does."""

    def __init__(self, *, client: Client, say: Say) -> None:
        self.client = client
        self.say = say

    def play(self, *, video: Path, folder: Path) -> int:
        """Run all steps, write the exports into ``folder``, and return the task's id."""
        with self.step("Made a project with the classes Vehicle and Rider"):
            project = self.client.post("projects/", {"name": "Street, a demo", "ontology": ONTOLOGY})
        with self.step(f"Uploaded {video.name} and read its frames"):
            task = self.task_of_upload(project["id"], video)
        with self.step(f"Drew a van and a rider by hand on frame {FIRST_FRAME}"):
            instances = self.draw(project, task)
        with self.step(f"Tracked both over frames {FIRST_FRAME} to {LAST_FRAME}, through the queue"):
            job = self.track(task, instances)
        self.tell_job(task, job)
        folder.mkdir(parents=True, exist_ok=True)
        for kind, name in EXPORTS.items():
            with self.step(f"Exported {kind}: {folder / name}"):
                (folder / name).write_bytes(
                    self.client.send("GET", f"projects/{project['id']}/export/?format={kind}")
                )
        return int(task)

    @contextmanager
    def step(self, done: str) -> Iterator[None]:
        """Time a step and say it when it is done."""
        start = time.monotonic()
        yield
        self.say(f"{time.monotonic() - start:6.1f} s  {done}")

    def task_of_upload(self, project: int, video: Path) -> int:
        media = self.client.upload(f"projects/{project}/media/", video)
        while media["state"] in ("registered", "probing"):
            time.sleep(POLL_SECONDS)
            media = self.client.get(f"media/{media['id']}/")
        if media["state"] == "failed":
            raise LabelyardError("demo_media", media["error"])
        tasks = self.client.get(f"projects/{project}/tasks/")["results"]
        return int(next(task["id"] for task in tasks if task["media"]["id"] == media["id"]))

    def draw(self, project: dict[str, Any], task: int) -> list[int]:
        ontology = self.client.get(f"ontologies/{project['ontology']}/")
        classes = {one["name"]: one["id"] for one in ontology["classes"]}
        made = []
        for name, shape in (("Vehicle", VAN), ("Rider", RIDER)):
            instance = self.client.post(f"tasks/{task}/instances/", {"object_class": classes[name]})
            self.client.put(f"instances/{instance['id']}/labels/{FIRST_FRAME}/", {"shape": shape})
            made.append(instance["id"])
        return made

    def track(self, task: int, instances: list[int]) -> dict[str, Any]:
        order = {
            "kind": "track",
            "instances": instances,
            "first_frame": FIRST_FRAME,
            "last_frame": LAST_FRAME,
            "algorithm": "fast",
        }
        job: dict[str, Any] = self.client.post(f"tasks/{task}/jobs/", order)
        end = time.monotonic() + WAIT_SECONDS
        while job["state"] not in FINAL:
            if time.monotonic() > end:
                raise LabelyardError(
                    "demo_slow", f"Job {job['id']} has not ended after {WAIT_SECONDS:.0f} s."
                )
            time.sleep(POLL_SECONDS)
            job = self.client.get(f"jobs/{job['id']}/")
        if job["state"] != "succeeded":
            raise LabelyardError("demo_job", f"Job {job['id']} ended as {job['state']}: {job['error']}")
        return job

    def tell_job(self, task: int, job: dict[str, Any]) -> None:
        window = self.client.get(f"tasks/{task}/labels/?first={FIRST_FRAME}&last={LAST_FRAME}")
        tracked = [label for label in window["labels"] if label["provenance"] == "tracked"]
        sure = sum(1 for label in tracked if label["confidence"] >= 0.5)
        self.say(
            f"          {job['labels_written']} labels written by job {job['id']} ({job['model_version']}), "
            f"{sure} of them with a confidence of at least 0.5"
        )

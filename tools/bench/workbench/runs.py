"""Runs on the screen: how soon labels are seen after their commit, and how soon undo takes a run away."""

from __future__ import annotations

import time
from pathlib import Path

from django.test import override_settings
from playwright.sync_api import Browser, Page

from labeling.geometry.packing import shape_pack
from labeling.geometry.shapes import Box, ShapeKind
from labeling.label_rows import LabelRow
from labeling.models import Event, Instance, Job, Provenance, Task
from labeling.services.jobs import job_submit
from labeling.services.label_rows import labels_upsert
from labeling.services.orders import TrackOrder
from labeling.services.runs import job_revert
from tests.factories import make_instance
from tools.bench.lines import figure, median, p95
from tools.bench.workbench.house import House, film_task, numbered
from tools.faults.shop import wait_for
from workers.runner import run_next

FRAMES, OBJECTS, LOOKED_AT = 30, 10, 15
RUNS, TURNS = 20, 12
WAIT_SECONDS = 30.0

# When the labels of each run were painted, by its number; milliseconds of the clock on the wall.
WATCH = """([key, frame]) => {
  window.seen = {};
  const painted = async (job) => {
    const { canvas } = labelyard;
    do await new Promise((resolve) => requestAnimationFrame(resolve));
    while (canvas.wanted || canvas.shapes.work.busy);
    window.seen[job] = Date.now();
  };
  labelyard.on(["labels"], () => {
    const job = labelyard.store.label(key, frame)?.job;
    if (!job || job in window.seen) return;
    window.seen[job] = null;
    painted(job);
  });
}"""
# How long undo and redo took by their keys until the frame showed it; then the server's answer alone.
TURN = """async ([turns, objects, job]) => {
  const stage = document.querySelector("#stage");
  const { canvas } = labelyard;
  const press = (shift) => {
    const key = { code: "KeyZ", key: "z", ctrlKey: true, shiftKey: shift, bubbles: true, cancelable: true };
    for (const type of ["keydown", "keyup"]) stage.dispatchEvent(new KeyboardEvent(type, key));
  };
  const shows = async (count) => {
    const end = performance.now() + 20000;
    while (canvas.items.length !== count || canvas.wanted || canvas.shapes.work.busy) {
      if (performance.now() > end) throw new Error(`${canvas.items.length} labels are shown, not ${count}.`);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  };
  const rest = () => new Promise((resolve) => setTimeout(resolve, 700));
  const timed = async (work) => {
    await rest();
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const headers = { "X-CSRFToken": token };
  const post = (verb) => fetch(`/api/v1/jobs/${job}/${verb}/`, { method: "POST", headers });
  const times = { undo: [], redo: [], answer: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    times.undo.push(await timed(async () => { press(false); await shows(0); }));
    times.redo.push(await timed(async () => { press(true); await shows(objects); }));
  }
  for (let turn = 0; turn < turns; turn += 1) {
    times.answer.push(await timed(() => post("revert")));
    await shows(0);
    await post("redo");
    await shows(objects);
  }
  return times;
}"""


def measure(browser: Browser, house: House, folder: Path) -> None:
    """Print both."""
    task = film_task(house.project, folder, frames=FRAMES, width=854, height=480)
    instances = seeded(task)
    page = house.enter(browser)
    page.goto(f"{house.url}/tasks/{task.pk}/?frame={LOOKED_AT}")
    wait_for(lambda: bool(page.evaluate("labelyard.store.instances.size")), seconds=60, what="the workbench")
    jobs = ordered(page, house, instances)
    lags = commit_lags(page, jobs)
    figure("workbench_commit_to_screen_p50", median(lags), "ms")
    figure("workbench_commit_to_screen_p95", p95(lags), "ms")
    # Each run replaced the labels of the one before: only the first is left.
    for job in reversed(jobs[1:]):
        job.refresh_from_db()
        job_revert(job=job, user=house.user)
    page.reload()
    wait_for(
        lambda: page.evaluate("labelyard.canvas.items.length") == OBJECTS,
        seconds=60,
        what="the tracked labels",
    )
    wait_for(lambda: bool(page.evaluate("labelyard.editing.undoable")), seconds=60, what="the history")
    page.locator("#stage").focus()
    times = page.evaluate(TURN, [TURNS, OBJECTS, jobs[0].pk])
    page.close()
    alone = median(times["answer"])
    for verb in ("undo", "redo"):
        value = median(times[verb])
        figure(
            f"workbench_run_{verb}_p50",
            value,
            "ms",
            ratio=value / alone,
            reference="the server's answer alone",
        )
        figure(f"workbench_run_{verb}_p95", p95(times[verb]), "ms")


def seeded(task: Task) -> list[Instance]:
    """Objects with a label by hand on the first frame."""
    instances = numbered(make_instance(task=task, shape=ShapeKind.BOUNDING_BOX), OBJECTS)
    rows = [
        LabelRow(one.pk, 0, shape_pack(Box(20 + place * 80, 40, 60, 90)), Provenance.MANUAL, protected=True)
        for place, one in enumerate(instances)
    ]
    labels_upsert(task_id=task.pk, seq=1, rows=rows)
    return instances


def ordered(page: Page, house: House, instances: list[Instance]) -> list[Job]:
    """Runs one after the other, each seen on the page before the next."""
    page.evaluate(WATCH, [instances[0].object_hash, LOOKED_AT])
    jobs = []
    for number in range(RUNS):
        jobs.append(run(house, instances, dy=1 + number % 3))
        seen = f"window.seen[{jobs[-1].pk}]"
        wait_for(lambda: bool(page.evaluate(seen)), seconds=WAIT_SECONDS, what="the labels")  # noqa: B023
        # Between runs as people order them, the page has come to rest.
        time.sleep(0.5)
    return jobs


def commit_lags(page: Page, jobs: list[Job]) -> list[float]:
    """Milliseconds from the commit of each run to its labels on the frame that is shown."""
    seen = page.evaluate("window.seen")
    ends = {one.job_id: one.at for one in Event.objects.filter(kind="job.succeeded")}
    return [seen[str(job.pk)] - ends[job.pk].timestamp() * 1000 for job in jobs]


def run(house: House, instances: list[Instance], *, dy: float) -> Job:
    """A run of all objects over the film; its labels are committed at once."""
    order = TrackOrder(
        instances=tuple(one.pk for one in instances),
        first_frame=0,
        last_frame=FRAMES - 1,
        algorithm="scripted",
        backend={"script": {"dx": 1, "dy": dy}},
        instances_per_part=OBJECTS,
    )
    with override_settings(SCRIPTED_BACKEND=True):
        job = job_submit(user=house.user, task=instances[0].task, order=order).job
        if not run_next(capability="cpu"):
            raise AssertionError("There was nothing to run.")
    return job

"""Objects on the page of the workbench: wait for them, select them, read what became of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.test import override_settings
from playwright.sync_api import Page

from labeling.geometry.shapes import Box
from labeling.models import Instance, Job, Provenance, Task, User
from labeling.services.jobs import job_submit
from labeling.services.orders import TrackOrder
from tests import factories, waiting
from tests.web.browser import TaskPage
from workers.runner import run_next


def until(condition: Callable[[], bool], *, seconds: float = 10) -> None:
    waiting.until(condition, seconds=seconds, what="the page or the database")


def label_on_page(bench: TaskPage, instance: Instance, *, frame: int = 0) -> Any:
    """The label that the page knows of the object, None when it knows none."""
    question = "([key, frame]) => labelyard.store.label(key, frame) ?? null"
    return bench.page.evaluate(question, [instance.object_hash, frame])


def known(bench: TaskPage, instance: Instance, *, frame: int = 0) -> None:
    """Wait until the page has read the object's label."""
    until(lambda: label_on_page(bench, instance, frame=frame) is not None)


def select(bench: TaskPage, *instances: Instance) -> None:
    """Select objects as the canvas and the table do."""
    until(lambda: bench.page.evaluate("labelyard.store.instances.size") >= len(instances))
    bench.page.evaluate("(keys) => labelyard.select(keys)", [one.object_hash for one in instances])


def rows_shown(page: Page, *, objects: int) -> None:
    """Wait until the timeline has its size and a row for each object: before, a click there meets nothing."""
    question = """(objects) => {
      const ruler = 22, high = 20;
      const sheet = document.querySelector(".timeline-sheet");
      const view = document.querySelector(".timeline-view");
      if (!sheet || !view?.style.height || labelyard.allOrder.length !== objects) return false;
      return parseFloat(sheet.style.height) >= ruler + objects * high;
    }"""
    until(lambda: page.evaluate(question, objects))


def choose_frames(bench: TaskPage, first: int, last: int) -> None:
    """Choose frames as the timeline does."""
    bench.page.evaluate("(range) => labelyard.setRange(range)", [first, last])


def open_panel(bench: TaskPage, name: str) -> None:
    bench.page.get_by_role("tab", name=name).click()


def make_tracked(task: Task, *, confidences: dict[int, float]) -> Instance:
    """Make an object that a machine labelled, with a confidence for each frame."""
    instance = factories.make_instance(task=task)
    for frame, confidence in confidences.items():
        factories.make_label(
            instance=instance,
            frame=frame,
            shape=Box(90, 70, 24, 20),
            provenance=Provenance.TRACKED,
            protected=False,
            confidence=confidence,
        )
    return instance


def run_script(
    *,
    user: User,
    instance: Instance,
    first: int,
    last: int,
    others: Sequence[Instance] = (),
    script: Mapping[str, Any] | None = None,
) -> Job:
    """Track the object, and ``others``, over an inclusive range by the scripted tracker.

    The code is that of a real worker.
    """
    order = TrackOrder(
        instances=(instance.pk, *(one.pk for one in others)),
        first_frame=first,
        last_frame=last,
        algorithm="scripted",
        backend={"script": dict(script or {})},
    )
    with override_settings(SCRIPTED_BACKEND=True):
        job = job_submit(user=user, task=instance.task, order=order).job
    run_waiting_part()
    job.refresh_from_db()
    return job


def run_waiting_part() -> None:
    """Run the part whose turn it is, with a real worker's code."""
    with override_settings(SCRIPTED_BACKEND=True):
        assert run_next(capability="cpu")

"""A running Labelyard with real media, and its workbench opened in a browser by somebody who may label."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Page

from labeling.models import Instance, Member, Project, Role, Task, User
from labeling.stack.stack import Stack
from tests.clips.encoding import Encoding, encode_pictures
from tests.engine.clips import media_of_file
from tests.factories import PASSWORD, make_ontology
from tests.web.browser import sign_in
from tools.faults.shop import wait_for

SIZE = {"width": 1600, "height": 900}
READY_SECONDS = 60.0


@dataclass(frozen=True)
class House:
    """``url`` is where the pages are."""

    url: str
    project: Project
    user: User

    def enter(self, browser: Browser) -> Page:
        """A page that the user is signed in on."""
        page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        sign_in(page, base=self.url, user=self.user)
        return page

    def open(self, page: Page, task: Task, *, labels: int) -> None:
        """Open the workbench and wait until so many labels are painted."""
        page.goto(f"{self.url}/tasks/{task.pk}/")
        wait_for(lambda: bool(page.evaluate(PAINTED, labels)), seconds=READY_SECONDS, what="the workbench")


PAINTED = """(labels) => {
  const bench = window.labelyard;
  if (!bench || document.documentElement.dataset.ready !== "true") return false;
  const { canvas } = bench;
  const busy = canvas.wanted || canvas.shapes.work.busy || canvas.masks.work.busy || !canvas.picture.bitmap;
  return !busy && canvas.items.length >= labels;
}"""


@contextmanager
def house_open() -> Iterator[House]:
    """Every process of Labelyard, on the database and the folder that this process works on too."""
    project = Project.objects.create(name="Bench", ontology=make_ontology())
    user = User.objects.create_user("painter", password=PASSWORD)
    Member.objects.create(project=project, user=user, role=Role.MANAGER)
    connection.close()
    stack = Stack(
        Path(os.environ["LABELYARD_DATA"]),
        database_url=os.environ["DATABASE_URL"],
        redis_url=os.environ["REDIS_URL"],
    )
    with stack:
        stack.wait_ready()
        yield House(stack.url, project, user)


def still_task(project: Project, folder: Path, *, width: int, height: int) -> Task:
    """A task of one picture."""
    path = folder / f"still-{width}.png"
    Image.fromarray(drawn(0, width=width, height=height)).save(path, compress_level=1)
    return Task.objects.get(media=media_of_file(project, path))


def film_task(project: Project, folder: Path, *, frames: int, width: int, height: int) -> Task:
    """A task of a film whose pictures all differ."""
    path = folder / f"film-{frames}.mp4"
    pictures = (drawn(number, width=width, height=height) for number in range(frames))
    encode_pictures(path, pictures, encoding=Encoding(gop=24, options={"preset": "ultrafast"}))
    return Task.objects.get(media=media_of_file(project, path))


def drawn(number: int, *, width: int, height: int) -> NDArray[np.uint8]:
    """A soft picture with a bar that moves."""
    picture = np.empty((height, width, 3), dtype=np.uint8)
    picture[..., 0] = np.linspace(40, 200, width, dtype=np.uint8)
    picture[..., 1] = np.linspace(60, 180, height, dtype=np.uint8)[:, None]
    picture[..., 2] = 110
    left = number * 7 % (width - 40)
    picture[:, left : left + 40] = (230, 210, 90)
    return picture


def numbered(instance: Instance, count: int) -> list[Instance]:
    """So many objects like this one, this one first; the task counts them."""
    task = instance.task
    first = instance.number
    more = [
        Instance(
            task=task,
            object_class=instance.object_class,
            object_hash=f"{number:08d}",
            number=first + number,
            created_by=instance.created_by,
        )
        for number in range(1, count)
    ]
    made = [instance, *Instance.objects.bulk_create(more, batch_size=500)]
    Task.objects.filter(pk=task.pk).update(instance_count=first + count - 1)
    return made

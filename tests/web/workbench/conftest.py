"""The workbench on the film of numbers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import Popen

import pytest
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from labeling.geometry.shapes import ShapeKind
from labeling.models import Instance, Project, Task, User
from labeling.services.labels import label_put
from tests import factories
from tests.conftest import child_environment
from tests.lane.desks import worker_running
from tests.servers import ValkeyServer
from tests.web.browser import OpenPage, TaskPage
from tests.web.conftest import media_read
from tests.web.workbench import balls
from tests.web.workbench.hand import Hand, only
from workers.relay import number_events

OpenTask = Callable[[User], TaskPage]
OpenHand = Callable[..., Hand]


@pytest.fixture
def open_task(page_of: OpenPage, live_server: LiveServer, film_task: Task) -> OpenTask:
    """Return the workbench on the film, opened by the user in a profile of their own."""

    def as_user(user: User) -> TaskPage:
        bench = TaskPage(page_of(user), width=160, height=128)
        bench.open(f"{live_server.url}/tasks/{film_task.pk}/")
        return bench

    return as_user


@pytest.fixture
def boxed(film_task: Task, alice: User) -> Instance:
    """An object with a box on frame 0, drawn by hand, known to the change feed."""
    instance = factories.make_instance(task=film_task, author=alice)
    shape = {"left": 40.0, "top": 30.0, "width": 50.0, "height": 40.0}
    label_put(user=alice, instance=instance, frame=0, shape_json=shape)
    return instance


@pytest.fixture
def relayed(live_server: LiveServer) -> Iterator[None]:
    """Events get their numbers, as the relay gives them in use: without it pages hear of nothing."""
    over = threading.Event()

    def relay() -> None:
        while not over.wait(0.1):
            number_events()
        connection.close()

    thread = threading.Thread(target=relay)
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.fixture
def hand(page_of: OpenPage, live_server: LiveServer, film_task: Task, alice: User) -> OpenHand:
    """Open the film's task with the classes of some shapes, the first one chosen."""

    def opened(*shapes: ShapeKind, user: User | None = None) -> Hand:
        only(film_task, *shapes)
        made = Hand(page_of(user or alice), film_task, width=160, height=128)
        made.open(f"{live_server.url}/tasks/{film_task.pk}/")
        return made

    return opened


@pytest.fixture
def balls_task(project: Project, alice: User, tmp_path: Path, valkey: object) -> Task:
    """The task of a film of balls on a mat."""
    path = tmp_path / "balls.mp4"
    balls.encode_balls(path)
    return Task.objects.get(media=media_read(path, title="balls.mp4", project=project, user=alice))


@pytest.fixture
def sam_hand(page_of: OpenPage, live_server: LiveServer, balls_task: Task, alice: User) -> OpenHand:
    """Open the task of the balls with the classes of some shapes, the first one chosen."""

    def opened(*shapes: ShapeKind, user: User | None = None) -> Hand:
        only(balls_task, *shapes)
        made = Hand(page_of(user or alice), balls_task, width=balls.WIDTH, height=balls.HEIGHT)
        made.open(f"{live_server.url}/tasks/{balls_task.pk}/")
        return made

    return opened


@pytest.fixture(scope="package")
def segmenting(
    django_db_setup: None,
    valkey: ValkeyServer,
    data_dir: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Popen[bytes]]:
    """A real interactive worker, which the tests of SAM mode share; it reads the database only.

    Without the scripted backends: it has what is there without weights.
    """
    told = {**child_environment(valkey, data_dir), "LABELYARD_SCRIPTED_BACKEND": "0"}
    with worker_running(told, tmp_path_factory.mktemp("segmenting")) as child:
        yield child

"""The workbench of a film's task, in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_django.live_server_helper import LiveServer

from labeling.geometry.shapes import ShapeKind
from labeling.models import Task, User
from tests.web.browser import OpenPage
from tests.web.workbench.hand import Hand, only

OpenHand = Callable[..., Hand]


@pytest.fixture
def hand(page_of: OpenPage, live_server: LiveServer, film_task: Task, alice: User) -> OpenHand:
    """Open the film's task with the classes of some shapes, the first one chosen."""

    def opened(*shapes: ShapeKind, user: User | None = None) -> Hand:
        only(film_task, *shapes)
        made = Hand(page_of(user or alice), film_task, width=160, height=128)
        made.open(f"{live_server.url}/tasks/{film_task.pk}/")
        return made

    return opened

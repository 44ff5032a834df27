"""Browsers: Django's client without scripts, and a real Chromium on a live server."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from labeling.media import configured
from labeling.models import Media, Project, Task, User
from labeling.services.media import Received, media_register
from tests.clips import make_clip
from tests.web.browser import Complaints, OpenPage, chromium, let_in, no_stream, opened
from workers.probing import probe_next

SignedIn = Callable[[User | None], Client]


@pytest.fixture(scope="session", autouse=True)
def static_root(data_dir: Path) -> None:
    """The folder that static files are gathered in, so that its absence is not remarked upon."""
    (data_dir / "static").mkdir(exist_ok=True)


@pytest.fixture
def signed_in() -> SignedIn:
    """Return a client that is signed in as the user; None stays outside."""

    def as_user(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return as_user


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium a file. Its event loop runs in this thread: it must be gone when other tests start
    loops of their own, and must not keep these from the database."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield stack.enter_context(chromium())


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Whatever the browser complains of fails the test."""
    heard = Complaints()
    yield heard
    assert heard.found == []


@pytest.fixture
def page_of(browser: Browser, live_server: LiveServer, complaints: Complaints) -> Iterator[OpenPage]:
    """Return a page, in a profile of its own, that the user is signed in on.

    The live server is no ASGI server: it streams no events, so the pages poll.
    """
    with ExitStack() as stack:

        def open_page(user: User) -> Page:
            context = opened(browser)
            stack.callback(context.close)
            context.route("**/events/stream/**", no_stream)
            page = context.new_page()
            complaints.listen(page)
            let_in(context, base=live_server.url, user=user)
            return page

        yield open_page


@pytest.fixture
def film(project: Project, alice: User, tmp_path: Path, valkey: object) -> Iterator[Media]:
    """A real video of 60 frames, 160 by 128, whose pictures carry their numbers; read, with a task."""
    configured.forget()
    clip = make_clip("b_frames", tmp_path)
    data = clip.path.read_bytes()
    received = Received(
        path=clip.path, title="numbers.mp4", sha256=hashlib.sha256(data).hexdigest(), size=len(data)
    )
    media = media_register(user=alice, project=project, file=received, make_task=True).media
    assert probe_next()
    media.refresh_from_db()
    yield media
    configured.forget()


@pytest.fixture
def film_task(film: Media) -> Task:
    """The task of the film."""
    return Task.objects.get(media=film)

"""Browsers: Django's client without scripts, and a real Chromium on a live server."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from django.contrib.staticfiles import handlers
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from labeling.api.events import EventStreamView
from labeling.media import configured
from labeling.models import Media, Project, Task, User
from labeling.services.media import Received, media_register
from tests.clips import make_clip
from tests.web.browser import Complaints, OpenPage, chromium, let_in
from tests.web.profiles import Profiles
from workers.probing import probe_next

SignedIn = Callable[[User | None], Client]


@pytest.fixture(scope="session", autouse=True)
def static_root(data_dir: Path) -> Iterator[None]:
    """Static files are gathered and served as in use, and not by Django's handler for development."""
    call_command("collectstatic", interactive=False, verbosity=0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handlers, "StaticFilesHandler", lambda application: application)
        yield


@pytest.fixture
def signed_in() -> SignedIn:
    """Return a client that is signed in as the user; None stays outside."""

    def as_user(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return as_user


def seen_on(page: str) -> str:
    """What a page's form tells of the settings that it shows."""
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for this folder. Its event loop runs in this thread: it must be gone when other tests
    start loops of their own, and must not keep these from the database."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield stack.enter_context(chromium())


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Whatever the browser complains of fails the test."""
    heard = Complaints()
    yield heard
    assert heard.found == []


@pytest.fixture(scope="package")
def profiles(browser: Browser, live_server: LiveServer) -> Iterator[Profiles]:
    """Profiles of the browser, one a page in a test; what a test left in them is gone with it."""
    with closing(Profiles(browser, base=live_server.url)) as made:
        yield made


@pytest.fixture(autouse=True)
def no_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """The live server is no ASGI server: it ends event streams for good, so the pages poll."""
    monkeypatch.setattr(EventStreamView, "get", lambda view, request: HttpResponse(status=204))


@pytest.fixture
def page_of(profiles: Profiles, live_server: LiveServer, complaints: Complaints) -> Iterator[OpenPage]:
    """Return a page, in a profile of its own, that the user is signed in on."""

    def open_page(user: User) -> Page:
        context = profiles.lend()
        page = context.new_page()
        complaints.listen(page)
        let_in(context, base=live_server.url, user=user)
        return page

    yield open_page
    profiles.take_back()


def media_read(path: Path, *, title: str, project: Project, user: User) -> Media:
    """Upload the file, with a task, and read it."""
    data = path.read_bytes()
    received = Received(path=path, title=title, sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    media = media_register(user=user, project=project, file=received, make_task=True).media
    assert probe_next()
    media.refresh_from_db()
    return media


@pytest.fixture(autouse=True)
def stills_end() -> Iterator[None]:
    """Each test decodes anew, and ends what decodes after its pages: they ask until they are gone."""
    configured.forget()
    yield
    configured.forget()


@pytest.fixture
def film(project: Project, alice: User, tmp_path: Path, valkey: object) -> Media:
    """A real video of 60 frames, 160 by 128, whose pictures carry their numbers; read, with a task."""
    clip = make_clip("b_frames", tmp_path)
    return media_read(clip.path, title="numbers.mp4", project=project, user=alice)


@pytest.fixture
def film_task(film: Media) -> Task:
    """The task of the film."""
    return Task.objects.get(media=film)

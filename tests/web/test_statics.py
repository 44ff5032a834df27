"""Scripts and styles: fetched at once, and kept by browsers for as long as they are what they were."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from django.contrib.staticfiles import finders
from pytest_django.live_server_helper import LiveServer

from labeling.models import Task, User
from labeling.web.modules import modules, reached
from tests.web.browser import OpenPage
from tests.web.conftest import SignedIn

WORKBENCH = "labeling/editor/main.js"
FETCHED = """() => performance.getEntriesByType("resource")
  .map((one) => new URL(one.name).pathname).filter((path) => path.endsWith(".js"))"""
SCRIPT = "labeling/shared/api.js"


@pytest.fixture
def page(signed_in: SignedIn, task: Task, alice: User) -> str:
    """The text of the workbench."""
    return signed_in(alice).get(f"/tasks/{task.pk}/").content.decode()


def preloaded(page: str) -> list[str]:
    return re.findall(r'<link rel="modulepreload" href="([^"]+)" nonce="[^"]+">', page)


def test_the_workbench_names_every_script_it_will_ask_for(page: str) -> None:
    paths = [urlsplit(address).path for address in preloaded(page)]
    assert paths == [f"/static/{path}" for path in reached(WORKBENCH)]
    assert len(paths) == len(set(paths))


def test_preloads_are_the_addresses_that_imports_lead_to(page: str) -> None:
    for address in preloaded(page):
        assert f': "{address}"' in page, "the import map has another address"
    assert page.index('type="importmap"') < page.index('rel="modulepreload"')


@pytest.mark.parametrize("script", [path for path in modules() if "/pages/" in path])
def test_scripts_of_pages_reach_what_they_import(script: str) -> None:
    text = Path(str(finders.find(script))).read_text()
    named = {Path(name).name for name in re.findall(r'^import .*"([^"]+)";$', text, re.MULTILINE)}
    assert named <= {Path(path).name for path in reached(script)}


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_browser_fetches_nothing_that_was_not_named(
    page_of: OpenPage, live_server: LiveServer, film_task: Task, alice: User
) -> None:
    page = page_of(alice)
    # Browsers remember 250 resources unless told.
    page.add_init_script("performance.setResourceTimingBufferSize(2000)")
    page.goto(f"{live_server.url}/tasks/{film_task.pk}/")
    page.wait_for_selector("html[data-ready]", state="attached")
    fetched = [path for path in page.evaluate(FETCHED) if "/labeling/" in path]
    assert sorted(fetched) == sorted(
        [f"/static/{WORKBENCH}", *(f"/static/{one}" for one in reached(WORKBENCH))]
    )


def cache_control(address: str) -> str:
    with urlopen(Request(address)) as answer:  # noqa: S310  (our own server)
        return str(answer.headers["Cache-Control"])


def test_an_address_with_the_digest_is_kept_for_good(live_server: LiveServer, page: str) -> None:
    (address,) = (one for one in preloaded(page) if SCRIPT in one)
    assert "immutable" in cache_control(f"{live_server.url}{address}")


@pytest.mark.parametrize("version", ["", "?v=0123456789ab"])
def test_an_address_without_it_or_with_another_is_not(live_server: LiveServer, version: str) -> None:
    assert "immutable" not in cache_control(f"{live_server.url}/static/{SCRIPT}{version}")

"""The table of objects: what it says, how it is walked, filtered and sorted."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from labeling.models import Task, User
from tests.web.browser import keep
from tests.web.workbench.cast import Cast, make_cast
from tests.web.workbench.conftest import OpenTask


@pytest.fixture
def cast(film_task: Task, alice: User) -> Cast:
    return make_cast(task=film_task, author=alice)


def test_look(open_task: OpenTask, alice: User, cast: Cast) -> None:
    bench = open_task(alice)
    expect(bench.page.locator("#object-table tbody tr[data-key]")).to_have_count(7)
    bench.page.locator("#object-table tbody tr[data-key]").nth(1).click()
    for scheme in ("light", "dark"):
        bench.page.emulate_media(color_scheme=scheme)
        for width, height in ((1600, 900), (1280, 720)):
            bench.page.set_viewport_size({"width": width, "height": height})
            bench.page.wait_for_timeout(400)
            keep(bench.page, f"panels-{scheme}-{width}")

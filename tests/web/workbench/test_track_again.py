"""A tracked label is corrected, and the object is tracked again from there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from labeling.models import Instance, Job, User
from labeling.services.labels import label_put
from tests.web.workbench.conftest import OpenTask
from tests.web.workbench.objects import known, run_script, select, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("valkey", "relayed"),
]


def test_after_a_correction_the_object_is_tracked_again_as_far_as_before(
    open_task: OpenTask, alice: User, boxed: Instance
) -> None:
    run_script(user=alice, instance=boxed, first=0, last=9)
    shape = {"left": 44.0, "top": 30.0, "width": 50.0, "height": 40.0}
    label_put(user=alice, instance=boxed, frame=4, shape_json=shape)
    bench = open_task(alice)
    page = bench.page
    known(bench, boxed)
    select(bench, boxed)
    again = page.get_by_role("menuitem", name="Track again from here")
    # A label that the tracker made is no correction.
    bench.go(3)
    page.locator("#stage").focus()
    page.keyboard.press("Shift+F10")
    expect(page.get_by_role("menu")).to_be_visible()
    expect(again).to_have_count(0)
    page.keyboard.press("Escape")
    bench.go(4)
    page.locator("#stage").focus()
    page.keyboard.press("Shift+F10")
    expect(again).to_be_enabled()
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+R")
    until(lambda: Job.objects.count() == 2)
    job = Job.objects.latest("pk")
    assert (job.first_frame, job.last_frame, job.parameters["from_editor"]) == (4, 9, True)

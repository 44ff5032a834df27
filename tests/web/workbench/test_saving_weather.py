"""Saving when things are not as usual: no network, closed pages, refusals, other hands, no rights."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from labeling.models import Instance, Label, Project, Role, User
from labeling.services.labels import label_put
from labeling.services.tasks import task_submit
from tests import factories
from tests.web.browser import Complaints, TaskPage, keep, sign_in
from tests.web.workbench.boxes import box, left_of, put, save_state, shown
from tests.web.workbench.conftest import OpenTask
from tests.web.workbench.objects import known, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


EDITS = "**/api/v1/tasks/*/edits/"


def hold_back(bench: TaskPage, complaints: Complaints) -> None:
    """Have the server not answer edits, as one that is being restarted does not."""
    complaints.expected.add(503)
    bench.page.context.route(EDITS, lambda route: route.fulfill(status=503, body="{}"))


def let_go(bench: TaskPage) -> None:
    """The server is back."""
    bench.page.context.unroute(EDITS)
    bench.page.evaluate("dispatchEvent(new Event('online'))")


def test_without_a_network_changes_wait_and_go_when_it_is_back(
    open_task: OpenTask, alice: User, boxed: Instance
) -> None:
    bench = open_task(alice)
    known(bench, boxed)
    bench.page.context.set_offline(True)
    put(bench, boxed, box(10))
    save_state(bench.page, "Offline: 1 change kept here")
    put(bench, boxed, box(20))
    save_state(bench.page, "Offline: 2 changes kept here")
    bench.page.context.set_offline(False)
    bench.wait_saved()
    assert left_of(boxed) == 20


def test_what_was_not_sent_is_undone_without_the_server(
    open_task: OpenTask, alice: User, boxed: Instance, complaints: Complaints
) -> None:
    bench = open_task(alice)
    known(bench, boxed)
    hold_back(bench, complaints)
    put(bench, boxed, box(10))
    save_state(bench.page, "Offline: 1 change kept here")
    put(bench, boxed, box(20))
    bench.page.keyboard.press("Control+z")
    assert shown(bench, boxed)["left"] == 10
    # The first one may have reached the server: taking it back is the server's too.
    bench.page.keyboard.press("Control+z")
    assert shown(bench, boxed)["left"] == 40
    save_state(bench.page, "Offline: 2 changes kept here")
    bench.page.reload()
    until(lambda: (shown(bench, boxed) or {}).get("left") == 40)
    let_go(bench)
    bench.wait_saved()
    assert left_of(boxed) == 40
    assert [edit.undone_seq is not None for edit in boxed.task.edits.filter(title="Move the box")] == [True]
    bench.page.keyboard.press("Control+Shift+z")
    until(lambda: left_of(boxed) == 10)


def test_a_page_that_is_no_more_leaves_its_changes_to_the_next(
    open_task: OpenTask, alice: User, boxed: Instance, complaints: Complaints
) -> None:
    bench = open_task(alice)
    known(bench, boxed)
    hold_back(bench, complaints)
    put(bench, boxed, box(10))
    save_state(bench.page, "Offline: 1 change kept here")
    next_page = TaskPage(bench.page.context.new_page(), width=160, height=128)
    next_page.open(bench.page.url)
    known(next_page, boxed)
    assert shown(next_page, boxed)["left"] == 40
    bench.page.close()
    let_go(next_page)
    next_page.open(next_page.page.url)
    until(lambda: left_of(boxed) == 10)


def test_what_could_not_be_saved_is_kept_until_it_was_seen(
    open_task: OpenTask, alice: User, boxed: Instance, complaints: Complaints, tmp_path: Path
) -> None:
    complaints.expected.add(422)
    bench = open_task(alice)
    known(bench, boxed)
    hold_back(bench, complaints)
    bench.page.evaluate(
        """([id, shape]) => {
          const instance = labelyard.editing.newKey();
          const bad = { ...shape, width: 5000 };
          labelyard.edit("Draw a car", [
            { op: "instance.create", instance, object_class: id },
            { op: "label.put", instance, frame: 0, shape: bad },
          ]);
          labelyard.edit("Move the car", [{ op: "label.put", instance, frame: 1, shape }]);
        }""",
        [boxed.object_class_id, box(20)],
    )
    put(bench, boxed, box(10))
    let_go(bench)
    save_state(bench.page, "Saved .*, 2 changes refused")
    assert left_of(boxed) == 10
    assert Instance.objects.filter(task=boxed.task).count() == 1
    bench.page.reload()
    save_state(bench.page, "Saved, 2 changes refused")
    bench.page.locator("#save-state button").click()
    details = bench.page.locator("#save-details")
    expect(details).to_contain_text("reaches out of the frame")
    expect(details).to_contain_text("It builds on “Draw a car”, which was not saved.")
    keep(bench.page, "workbench-save-details")
    with bench.page.expect_download() as download:
        details.get_by_role("button", name="Download a copy").click()
    download.value.save_as(tmp_path / "copy.json")
    edits = json.loads((tmp_path / "copy.json").read_text())["edits"]
    assert [edit["title"] for edit in edits] == ["Draw a car", "Move the car"]
    assert edits[0]["operations"][1]["shape"]["width"] == 5000
    details.get_by_role("button", name="Forget these").click()
    details.get_by_role("button", name="Close").click()
    save_state(bench.page, "^Saved$")
    bench.page.reload()
    known(bench, boxed)
    save_state(bench.page, "^Saved$")


def test_who_signs_in_again_by_hand_goes_on(  # noqa: PLR0917 (fixtures)
    open_task: OpenTask, live_server: LiveServer, alice: User, bob: User, boxed: Instance,
    complaints: Complaints,
) -> None:  # fmt: skip
    complaints.expected |= {401, 403}
    bench = open_task(alice)
    known(bench, boxed)
    Session.objects.all().delete()
    put(bench, boxed, box(15))
    save_state(bench.page, "Signed out: 1 change kept here *Sign in")
    expect(bench.page.locator("#save-state").get_by_role("link", name="Sign in")).to_be_visible()
    keep(bench.page, "workbench-signed-out")
    other = bench.page.context.new_page()
    sign_in(other, base=live_server.url, user=bob)
    bench.page.evaluate("dispatchEvent(new Event('focus'))")
    until(lambda: "Sign in as alice again" in bench.page.evaluate("labelyard.editing.sender.sentence"))
    assert left_of(boxed) == 40
    bench.page.context.clear_cookies()
    sign_in(other, base=live_server.url, user=alice)
    bench.page.evaluate("dispatchEvent(new Event('focus'))")
    bench.wait_saved()
    assert (left_of(boxed), Label.objects.get(instance=boxed).author) == (15, alice)


def test_the_page_says_that_the_task_moved_on(open_task: OpenTask, alice: User, boxed: Instance) -> None:
    bench = open_task(alice)
    known(bench, boxed)
    task_submit(user=alice, task=boxed.task)
    expect(bench.page.locator("#moved")).to_contain_text("This task was submitted for review.")
    bench.page.locator("#reload").click()
    expect(bench.page.locator(".head .tag").first).to_have_text("Review")


def test_without_autosave_changes_wait_for_the_key(open_task: OpenTask, alice: User, boxed: Instance) -> None:
    bench = open_task(alice)
    known(bench, boxed)
    bench.page.evaluate("labelyard.preferences.set('autosave', false)")
    put(bench, boxed, box(10))
    put(bench, boxed, box(20))
    save_state(bench.page, "2 changes to save")
    assert left_of(boxed) == 40
    bench.page.keyboard.press("Control+s")
    bench.wait_saved()
    assert left_of(boxed) == 20


def test_what_follows_a_label_in_conflict_goes_the_way_that_was_chosen(
    open_task: OpenTask, alice: User, bob: User, boxed: Instance, complaints: Complaints
) -> None:
    complaints.expected.add(409)
    bench = open_task(bob)
    known(bench, boxed)
    label_put(user=alice, instance=boxed, frame=0, shape_json=box(90))
    for left in (10, 20, 25):
        put(bench, boxed, box(left))
    put(bench, boxed, box(30), frame=2)
    bench.page.locator("#conflict").get_by_role("button", name="Keep both").click()
    bench.wait_saved()
    (other,) = Instance.objects.filter(task=boxed.task).exclude(pk=boxed.pk)
    assert (left_of(boxed), left_of(other), left_of(boxed, frame=2)) == (90, 25, 30)
    # The last one first: the box on frame 2, then the two moves of the object that was mine.
    for _ in range(3):
        bench.page.locator("#undo").click()
    until(lambda: left_of(other) == 10)
    assert left_of(boxed, frame=2) is None


def test_one_stroke_of_many_moves_is_one_edit(open_task: OpenTask, alice: User, boxed: Instance) -> None:
    bench = open_task(alice)
    known(bench, boxed)
    bench.page.evaluate(
        """([instance, shape]) => {
          for (let left = 41; left <= 60; left += 1) {
            const operation = { op: "label.put", instance, frame: 0, shape: { ...shape, left } };
            labelyard.edit("Nudge the box", [operation], { merge: "nudge" });
          }
        }""",
        [boxed.object_hash, box(40)],
    )
    bench.wait_saved()
    assert left_of(boxed) == 60
    bench.page.locator("#undo").click()
    until(lambda: left_of(boxed) == 40)


def test_who_may_only_look_changes_nothing(open_task: OpenTask, project: Project, boxed: Instance) -> None:
    bench = open_task(factories.make_member(project=project, role=Role.VIEWER))
    known(bench, boxed)
    put(bench, boxed, box(10))
    assert shown(bench, boxed)["left"] == 40
    assert left_of(boxed) == 40


def test_a_change_made_just_before_the_page_is_left_is_saved(
    open_task: OpenTask, live_server: LiveServer, alice: User, boxed: Instance
) -> None:
    bench = open_task(alice)
    known(bench, boxed)
    put(bench, boxed, box(10))
    bench.page.goto(f"{live_server.url}/")
    until(lambda: left_of(boxed) == 10)


def test_an_acceptance_locks_the_label_until_it_is_undone(
    open_task: OpenTask, alice: User, boxed: Instance
) -> None:
    bench = open_task(alice)
    known(bench, boxed)
    bench.page.evaluate(
        """(instance) => labelyard.edit("Accept the box", [
          { op: "review.decide", instance, decision: "accepted", first: 0, last: 59 },
        ])""",
        boxed.object_hash,
    )
    bench.wait_saved()
    assert boxed.review_decisions.count() == 1
    review = "(key) => labelyard.store.label(key, 0).review"
    assert bench.page.evaluate(review, boxed.object_hash) == "accepted"
    put(bench, boxed, box(10))
    expect(bench.page.locator("#messages")).to_contain_text("is accepted on frame 0")
    assert shown(bench, boxed)["left"] == 40
    bench.page.keyboard.press("Control+z")
    until(lambda: boxed.review_decisions.count() == 0)
    until(lambda: bench.page.evaluate(review, boxed.object_hash) == "unreviewed")

"""Nothing that a person did is lost: saving, undo across saves and reloads, conflicts, weather."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import APIResponse, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import Box
from labeling.models import Instance, Label, ObjectClass, Project, Provenance, Role, Stage, Task, User
from labeling.services.instances import instance_delete
from labeling.services.labels import label_mark_absent, label_put
from labeling.services.tasks import task_submit
from tests import factories, waiting
from tests.web.browser import Complaints, TaskPage, keep, let_in, sign_in
from tests.web.workbench.conftest import OpenTask

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def until(condition: Callable[[], bool], *, seconds: float = 10) -> None:
    waiting.until(condition, seconds=seconds, what="the page or the database")


def box(left: float, top: float = 30, width: float = 50, height: float = 40) -> dict[str, float]:
    return {"left": left, "top": top, "width": width, "height": height}


def put(bench: TaskPage, instance: Instance, shape: dict[str, float], *, frame: int = 0) -> None:
    """Change the label as the tools do."""
    operation = {"op": "label.put", "instance": instance.object_hash, "frame": frame, "shape": shape}
    bench.page.evaluate("([title, one]) => labelyard.edit(title, [one])", ["Move the box", operation])


def shown(bench: TaskPage, instance: Instance, *, frame: int = 0) -> Any:
    """The shape that the page shows."""
    question = "([key, frame]) => labelyard.store.label(key, frame)?.shape ?? null"
    return bench.page.evaluate(question, [instance.object_hash, frame])


def left_of(instance: Instance, *, frame: int = 0) -> float | None:
    label = Label.objects.filter(instance=instance, frame=frame).first()
    if label is None or label.geometry is None:
        return None
    shape = shape_unpack(bytes(label.geometry))
    assert isinstance(shape, Box)
    return shape.left


def known(bench: TaskPage, instance: Instance) -> None:
    """Wait until the page has read the object's label."""
    until(lambda: shown(bench, instance) is not None)


def save_state(page: Page, text: str) -> None:
    expect(page.locator("#save-state")).to_have_text(re.compile(text))


def test_a_change_is_saved_by_itself_and_is_the_persons(
    open_task: OpenTask, bob: User, boxed: Instance
) -> None:
    bench = open_task(bob)
    known(bench, boxed)
    put(bench, boxed, box(10))
    assert shown(bench, boxed)["left"] == 10
    bench.wait_saved()
    label = Label.objects.get(instance=boxed, frame=0)
    assert (left_of(boxed), label.author, label.provenance) == (10, bob, Provenance.MANUAL)


def test_a_new_object_gets_its_number_when_it_is_saved(
    open_task: OpenTask, bob: User, film_task: Task
) -> None:
    bench = open_task(bob)
    one = ObjectClass.objects.get(ontology=film_task.project.ontology, shape="bounding_box")
    bench.page.evaluate(
        """([id, shape]) => {
          const instance = labelyard.editing.newKey();
          labelyard.edit("Draw a box", [
            { op: "instance.create", instance, object_class: id },
            { op: "label.put", instance, frame: 0, shape },
          ]);
        }""",
        [one.pk, box(20)],
    )
    bench.wait_saved()
    instance = Instance.objects.get(task=film_task)
    assert left_of(instance) == 20
    name = "(key) => labelyard.store.instances.get(key)?.name"
    assert bench.page.evaluate(name, instance.object_hash) == "bounding_box 1"


def test_undo_and_redo_reach_across_saves_and_reloads(
    open_task: OpenTask, alice: User, boxed: Instance
) -> None:
    bench = open_task(alice)
    known(bench, boxed)
    put(bench, boxed, box(10))
    bench.wait_saved()
    put(bench, boxed, box(20))
    bench.page.keyboard.press("Control+z")
    until(lambda: shown(bench, boxed)["left"] == 10)
    bench.page.reload()
    known(bench, boxed)
    expect(bench.page.locator("#undo")).to_have_attribute("title", re.compile("Undo Move the box"))
    bench.page.locator("#undo").click()
    until(lambda: left_of(boxed) == 40)
    until(lambda: shown(bench, boxed)["left"] == 40)
    bench.page.locator("#redo").click()
    until(lambda: left_of(boxed) == 10)


def test_undoing_an_edit_of_a_machines_label_makes_it_the_machines_again(
    open_task: OpenTask, bob: User, boxed: Instance
) -> None:
    tracked = factories.make_label(
        instance=boxed, frame=1, shape=Box(5, 5, 20, 20), provenance=Provenance.TRACKED, protected=False
    )
    bench = open_task(bob)
    until(lambda: shown(bench, boxed, frame=1) is not None)
    put(bench, boxed, box(60), frame=1)
    bench.wait_saved()
    bench.page.locator("#undo").click()
    until(lambda: left_of(boxed, frame=1) == 5)
    label = Label.objects.get(instance=boxed, frame=1)
    assert (label.provenance, label.protected) == (tracked.provenance, False)


def test_changes_made_offline_survive_a_reload_and_are_sent_later(
    open_task: OpenTask, alice: User, boxed: Instance, complaints: Complaints
) -> None:
    bench = open_task(alice)
    known(bench, boxed)
    away = "**/api/v1/tasks/*/edits/"
    complaints.expected.add(503)
    bench.page.context.route(away, lambda route: route.fulfill(status=503, body="{}"))
    put(bench, boxed, box(70))
    put(bench, boxed, box(80), frame=3)
    save_state(bench.page, "Offline: 2 changes kept here")
    keep(bench.page, "workbench-offline")
    bench.page.reload()
    until(lambda: (shown(bench, boxed) or {}).get("left") == 70)
    assert shown(bench, boxed, frame=3)["left"] == 80
    assert left_of(boxed) == 40
    bench.page.context.unroute(away)
    until(lambda: left_of(boxed) == 70 and left_of(boxed, frame=3) == 80)
    bench.wait_saved()


@pytest.mark.parametrize(
    ("answer", "mine", "theirs"), [("mine", 10, None), ("theirs", 90, None), ("both", 90, 10)]
)
def test_of_two_who_change_a_label_the_second_is_asked(  # noqa: PLR0917 (fixtures)
    open_task: OpenTask, alice: User, bob: User, boxed: Instance, complaints: Complaints,
    answer: str, mine: float, theirs: float | None,
) -> None:  # fmt: skip
    complaints.expected.add(409)
    bench = open_task(bob)
    known(bench, boxed)
    label_put(user=alice, instance=boxed, frame=0, shape_json=box(90))
    put(bench, boxed, box(10))
    dialog = bench.page.locator("#conflict")
    expect(dialog).to_contain_text("bounding_box 1, frame 0: alice changed it while you did.")
    keep(bench.page, "workbench-conflict")
    dialog.get_by_role("button", name=re.compile(answer)).click()
    bench.wait_saved()
    assert left_of(boxed) == mine
    others = Instance.objects.filter(task=boxed.task).exclude(pk=boxed.pk)
    assert [left_of(other) for other in others] == ([] if theirs is None else [theirs])


def test_what_others_do_appears(open_task: OpenTask, alice: User, bob: User, boxed: Instance) -> None:
    bench = open_task(alice)
    known(bench, boxed)
    label_put(user=bob, instance=boxed, frame=0, shape_json=box(77))
    until(lambda: shown(bench, boxed)["left"] == 77)
    label_mark_absent(user=bob, instance=boxed, frame=0)
    until(lambda: shown(bench, boxed) is None)
    instance_delete(user=bob, instance=boxed)
    until(lambda: bench.page.evaluate("labelyard.store.instances.size") == 0)


def test_what_the_server_refuses_is_said_and_shown_as_it_is(
    open_task: OpenTask, alice: User, boxed: Instance, complaints: Complaints
) -> None:
    complaints.expected.add(422)
    bench = open_task(alice)
    known(bench, boxed)
    put(bench, boxed, box(40, width=5000))
    expect(bench.page.locator("#messages")).to_contain_text("The bounding box reaches out of the frame")
    until(lambda: shown(bench, boxed)["width"] == 50)


def test_a_task_that_was_completed_meanwhile_takes_nothing_and_says_so(
    open_task: OpenTask, alice: User, boxed: Instance, complaints: Complaints
) -> None:
    complaints.expected.add(409)
    bench = open_task(alice)
    known(bench, boxed)
    Task.objects.filter(pk=boxed.task_id).update(stage=Stage.COMPLETE)
    put(bench, boxed, box(10))
    expect(bench.page.locator("#messages")).to_contain_text("The task is complete. Reopen it before")
    until(lambda: shown(bench, boxed)["left"] == 40)


def test_a_session_that_ended_loses_nothing(
    open_task: OpenTask, live_server: LiveServer, alice: User, boxed: Instance, complaints: Complaints
) -> None:
    complaints.expected.add(401)
    bench = open_task(alice)
    known(bench, boxed)
    Session.objects.all().delete()
    put(bench, boxed, box(15))
    save_state(bench.page, "Signed out: 1 change kept here")
    let_in(bench.page.context, base=live_server.url, user=alice)
    until(lambda: left_of(boxed) == 15, seconds=20)


def test_a_lost_answer_is_asked_for_again_and_done_once(
    open_task: OpenTask, alice: User, boxed: Instance
) -> None:
    bench = open_task(alice)
    known(bench, boxed)
    lost: list[APIResponse] = []

    def lose_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch())
        route.abort()

    bench.page.context.route("**/api/v1/tasks/*/edits/", lose_first)
    put(bench, boxed, box(33))
    bench.wait_saved()
    assert len(lost) == 1
    assert left_of(boxed) == 33
    assert boxed.task.edits.filter(title="Move the box").count() == 1


def test_two_pages_of_one_person_do_not_disturb_each_other(
    open_task: OpenTask, alice: User, boxed: Instance
) -> None:
    first = open_task(alice)
    page = first.page.context.new_page()
    second = TaskPage(page, width=160, height=128)
    second.open(first.page.url)
    for bench in (first, second):
        known(bench, boxed)
    put(first, boxed, box(11), frame=1)
    put(second, boxed, box(12), frame=2)
    until(lambda: left_of(boxed, frame=1) == 11 and left_of(boxed, frame=2) == 12)
    until(lambda: (shown(first, boxed, frame=2) or {}).get("left") == 12)
    until(lambda: (shown(second, boxed, frame=1) or {}).get("left") == 11)


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

"""Nothing that a person did is lost: saving, undo across saves and reloads, conflicts, weather."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import APIResponse, Route, expect
from pytest_django.live_server_helper import LiveServer

from labeling.geometry.shapes import Box
from labeling.models import Instance, Label, ObjectClass, Provenance, Stage, Task, User
from labeling.services.instances import instance_delete
from labeling.services.labels import label_mark_absent, label_put
from tests import factories
from tests.web.browser import Complaints, TaskPage, keep, let_in
from tests.web.workbench.boxes import box, left_of, put, save_state, shown
from tests.web.workbench.conftest import OpenTask
from tests.web.workbench.objects import known, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
    # What is sent together as the page closes, too.
    away = "**/api/v1/tasks/*/edits/**"
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


def test_all_that_waits_goes_along_when_the_page_is_left(
    open_task: OpenTask, alice: User, boxed: Instance
) -> None:
    bench = open_task(alice)
    known(bench, boxed)
    bench.page.evaluate("labelyard.preferences.set('autosave_seconds', 10)")
    for left in (10, 20, 30):
        put(bench, boxed, box(left))
    assert left_of(boxed) == 40
    bench.page.goto("about:blank")
    until(lambda: left_of(boxed) == 30)
    assert boxed.task.edits.filter(title="Move the box").count() == 3


def test_an_edit_of_an_earlier_page_is_undone_at_once(
    open_task: OpenTask, alice: User, boxed: Instance
) -> None:
    bench = open_task(alice)
    known(bench, boxed)
    put(bench, boxed, box(10))
    bench.wait_saved()
    bench.page.reload()
    known(bench, boxed)
    bench.page.evaluate("labelyard.preferences.set('autosave_seconds', 10)")
    expect(bench.page.locator("#undo")).to_be_enabled()
    bench.page.keyboard.press("Control+z")
    until(lambda: shown(bench, boxed)["left"] == 40, seconds=20)

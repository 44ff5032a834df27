"""The workbench before its scripts run: what it says and offers to whom."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.utils import timezone

from labeling.geometry.shapes import ShapeKind
from labeling.models import AttributeDefinition, MediaKind, Project, Role, Stage, Task, User, Worker
from tests import factories
from tests.web.conftest import SignedIn

OFFERS = {
    "Submit": 'id="task-submit"',
    "Accept task": 'id="task-accept"',
    "Send back": 'id="task-reject"',
    "Reopen": 'id="task-reopen"',
    "Run tracking": '"mayRun": true',
    "Review": '"mayJudge": true',
}


def facts(page: str) -> dict[str, Any]:
    (text,) = re.findall(r'<script id="facts" type="application/json">(.*?)</script>', page)
    told: dict[str, Any] = json.loads(text)
    return told


def offered(page: str) -> set[str]:
    return {name for name, mark in OFFERS.items() if mark in page}


@pytest.mark.parametrize(
    ("stage", "role", "offers"),
    [
        (Stage.ANNOTATE, Role.VIEWER, set()),
        (Stage.ANNOTATE, Role.ANNOTATOR, {"Submit", "Run tracking"}),
        (Stage.ANNOTATE, Role.REVIEWER, {"Submit", "Run tracking", "Review"}),
        (Stage.REVIEW, Role.ANNOTATOR, set()),
        (Stage.REVIEW, Role.REVIEWER, {"Accept task", "Send back", "Run tracking", "Review"}),
        (Stage.COMPLETE, Role.REVIEWER, set()),
        (Stage.COMPLETE, Role.MANAGER, {"Reopen"}),
    ],
)
def test_stage_and_role_decide_what_is_offered(
    *, signed_in: SignedIn, project: Project, task: Task, stage: Stage, role: Role, offers: set[str]
) -> None:
    user = factories.make_member(project=project, role=role)
    Task.objects.filter(pk=task.pk).update(stage=stage)
    page = signed_in(user).get(f"/tasks/{task.pk}/").content.decode()
    assert offered(page) == offers
    assert facts(page)["mayEdit"] == ("Run tracking" in offers)


@pytest.mark.parametrize(
    ("stage", "name", "sentence"),
    [
        (Stage.ANNOTATE, "victor", "As viewer of this project you may look, not change."),
        (Stage.REVIEW, "bob", "The task is in review; only reviewers change it now."),
        (Stage.COMPLETE, "bob", "The task is complete. Reopen it before changing anything in it."),
    ],
)
def test_view_only_says_why(
    *, signed_in: SignedIn, bob: User, victor: User, task: Task, stage: Stage, name: str, sentence: str
) -> None:
    Task.objects.filter(pk=task.pk).update(stage=stage)
    user = {"bob": bob, "victor": victor}[name]
    assert sentence in signed_in(user).get(f"/tasks/{task.pk}/").content.decode()


def test_a_task_of_somebody_else_is_view_only(
    signed_in: SignedIn, alice: User, bob: User, task: Task
) -> None:
    Task.objects.filter(pk=task.pk).update(assignee=alice)
    page = signed_in(bob).get(f"/tasks/{task.pk}/").content.decode()
    assert "The task is assigned to somebody else." in page


def test_tracking_is_not_offered_on_a_single_image(
    signed_in: SignedIn, alice: User, project: Project
) -> None:
    media = factories.make_media(project=project, kind=MediaKind.IMAGE)
    page = signed_in(alice).get(f"/tasks/{factories.make_task(media=media).pk}/").content.decode()
    assert facts(page)["directions"] == []


def test_the_page_is_told_which_shapes_each_tracker_takes(
    signed_in: SignedIn, alice: User, task: Task
) -> None:
    address = f"/tasks/{task.pk}/"
    fast = {"fast": [str(kind) for kind in ShapeKind]}
    assert facts(signed_in(alice).get(address).content.decode())["shapesTracked"] == fast
    now = timezone.now()
    offered = {"sam2": {"capability": "gpu", "shapes": ["bitmask", "bounding_box"]}}
    Worker.objects.create(name="one with a GPU", algorithms=offered, started_at=now, seen_at=now)
    told = facts(signed_in(alice).get(address).content.decode())["shapesTracked"]
    assert told == {**fast, "sam2": ["bounding_box", "bitmask"]}


def test_archived_classes_are_told_as_such(signed_in: SignedIn, alice: User, task: Task) -> None:
    task.project.ontology.classes.filter(name="polygon").update(archived=True)
    told = facts(signed_in(alice).get(f"/tasks/{task.pk}/").content.decode())
    assert {one["name"] for one in told["classes"] if one["archived"]} == {"polygon"}


def test_classes_bring_their_attributes_and_skeletons(signed_in: SignedIn, alice: User, task: Task) -> None:
    told = facts(signed_in(alice).get(f"/tasks/{task.pk}/").content.decode())
    definitions = {one.pk for one in AttributeDefinition.objects.filter(object_class__isnull=False)}
    assert {attribute["id"] for one in told["classes"] for attribute in one["attributes"]} == definitions
    assert [one["name"] for one in told["classes"] if one["skeleton"]] == ["skeleton"]


def test_a_segment_begins_at_its_own_first_frame(signed_in: SignedIn, alice: User, task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(first_frame=20, last_frame=39)
    page = signed_in(alice).get(f"/tasks/{task.pk}/").content.decode()
    assert (facts(page)["first"], facts(page)["last"]) == (20, 39)

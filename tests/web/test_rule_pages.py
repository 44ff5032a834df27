"""The pages of rules, and the watches on a connection's page."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from labeling.geometry.shapes import ShapeKind
from labeling.models import Project, Rule, User, Watch, Worker
from labeling.services.batches.specification import specification_read
from labeling.services.rules.switching import rule_pause
from labeling.services.tasks import task_create
from tests import factories
from tests.web.conftest import SignedIn, seen_on
from workers.batches import tend_batches
from workers.rules import tend_rules

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def words_understood(valkey: object, db: None) -> None:
    """Bells ring in a real queue; a worker has offered to find objects by words."""
    offered = {"cpu-words": {"capability": "cpu", "reads": ["words"]}}
    Worker.objects.create(name="w", detectors=offered, started_at=timezone.now(), seen_at=timezone.now())


def test_a_rule_is_made_looked_at_and_switched_on_the_page(
    signed_in: SignedIn, alice: User, bob: User, project: Project
) -> None:
    client = signed_in(alice)
    box = factories.class_of(ontology=project.ontology, shape=ShapeKind.BOUNDING_BOX)
    factories.make_task(media=factories.make_media(project=project, title="Nörd 1.mp4"))
    address = reverse("project-rules", args=[project.pk])
    assert "No rules" in client.get(address).content.decode()
    form = {
        "name": "Find boxes", "kind": "detect_all", "classes": [box.pk], "span": "whole", "priority": "0.3",
        "key_prefix": "Nörd ", "media_kinds": ["video"], "budget_hours": "2", "link": "on",
    }  # fmt: skip
    wrong = client.post(address, {**form, "classes": []})
    assert (wrong.status_code, "Choose at least one class" in wrong.content.decode()) == (422, True)
    page = client.post(address, form, follow=True).content.decode()
    rule = Rule.objects.get()
    assert (rule.state, rule.prefix, rule.kinds, rule.budget_seconds) == ("off", "Nörd ", ["video"], 7200.0)
    assert specification_read(rule.specification).template.priority == 0.3
    assert "Of 1 media that are ready it would have matched <strong>1</strong>" in page
    run = client.get(f"{reverse('run-new', args=[project.pk])}?rule={rule.pk}").content.decode()
    assert "media that the rule “Find boxes” is about" in run
    assert "New run on 1 task<" in run
    assert re.search(r'value="detect_all"[^>]* checked', run)
    here = reverse("rule", args=[rule.pk])
    assert "The rule is on" in client.post(here, {"verb": "on"}, follow=True).content.decode()
    task_create(user=None, media=factories.make_media(project=project, title="Nörd 2.mp4"))
    tend_rules()
    tend_batches()
    shown = client.get(here).content.decode()
    assert "Nörd 2.mp4" in shown
    assert "1 queued" in shown
    rule_pause(rule_id=rule.pk, code="rule_over_budget", sentence="Its budget is spent.")
    assert "Its budget is spent." in client.get(address).content.decode()
    assert "New budget, hours in all" in client.get(here).content.decode()
    assert "paused the rule" in client.get(reverse("notifications")).content.decode()
    stale = {**form, "seen": seen_on(client.get(here).content.decode())}
    client.post(here, {**form, "name": "Find all boxes", "key_prefix": ""})
    assert "Other than yours is now: name, prefix." in client.post(here, stale).content.decode()
    rule.refresh_from_db()
    assert (rule.name, rule.prefix) == ("Find all boxes", "")
    assert "was removed" in client.post(here, {"verb": "remove"}, follow=True).content.decode()
    assert signed_in(bob).get(address).status_code == 403


def test_a_watch_is_made_and_switched_on_the_page_of_its_connection(
    signed_in: SignedIn, alice: User, project: Project
) -> None:
    client = signed_in(alice)
    connection = factories.make_connection(project=project)
    act = reverse("watch-act", args=[connection.pk])
    form = {"key_prefix": "ä b/", "kinds": ["video"], "when_changed": "say", "make_tasks": "on"}
    wrong = client.post(act, form)
    assert (wrong.status_code, "at what time of day" in wrong.content.decode()) == (422, True)
    page = client.post(act, {**form, "at": "02:30"}, follow=True).content.decode()
    assert "daily at 02:30 UTC" in page
    watch = Watch.objects.get()
    page = client.post(act, {"verb": "on", "watch": watch.pk}, follow=True).content.decode()
    assert "02:30 UTC" in page
    client.post(act, {"verb": "off", "watch": watch.pk})
    client.post(act, {"verb": "remove", "watch": watch.pk})
    assert not Watch.objects.exists()

"""A project's rules: what is run on new media by itself; each with what it would match, did and cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from labeling.errors import LabelyardError
from labeling.models import Project, Rule
from labeling.selectors.batches import batch_list
from labeling.selectors.projects import project_get
from labeling.selectors.rules import rule_counts, rule_get, rule_list, rule_preview, rule_task_list
from labeling.services.batches.steering import OVER_BUDGET
from labeling.services.rules.changes import rule_create, rule_delete, rule_update
from labeling.services.rules.switching import rule_switch_off, rule_switch_on
from labeling.web.as_read import as_read, version_of
from labeling.web.batch_faces import WORDS, BatchFace
from labeling.web.batches import budget_read
from labeling.web.guard import Visit, page
from labeling.web.rule_forms import RuleForm, settings_of

BATCHES_SHOWN = 5
TASKS_SHOWN = 20
COUNTED = {"pending": "wait for their batch", "dropped": "dropped as it was switched off", **WORDS}


@page
def project_rules(visit: Visit, *, project_id: int) -> HttpResponse:
    """The rules, and a form that makes one, which is off."""
    project = project_get(user=visit.user, project_id=project_id)
    form = RuleForm(posted(visit), project=project)
    if posted(visit) is not None and form.is_valid():
        try:
            made = rule_create(user=visit.user, project=project, **form.values())
            said = f"“{made}” was made, and is off: look at what it matches, then switch it on."
            messages.success(visit.request, said, extra_tags="good")
            return redirect("rule", rule_id=made.pk)
        except LabelyardError as error:
            form.add_error(None, error.sentence)
    context = {**about(project), "rules": list(rule_list(project_id=project_id).order_by("pk")), "form": form}
    status = 200 if posted(visit) is None else 422
    return visit.answer("labelyard/project_rules.html", context, status=status)


@page
def rule(visit: Visit, *, rule_id: int) -> HttpResponse:
    """One rule; a POST saves its form, or does ``verb``."""
    found = rule_get(rule_id=rule_id)
    verb = visit.request.POST.get("verb", "")
    if verb in VERBS:
        return done(visit, found, verb)
    form = RuleForm(posted(visit), project=found.project, rule=found)
    if posted(visit) is not None and form.is_valid():
        try:
            written = form.values()
            with as_read(
                visit.request,
                found,
                noun="rule",
                settings=lambda: settings_of(rule_get(rule_id=rule_id)),
                written={**written, "specification": written["specification"].to_json()},
            ):
                rule_update(rule=rule_get(rule_id=rule_id), **written)
            messages.success(visit.request, "The rule was saved.", extra_tags="good")
            return redirect("rule", rule_id=rule_id)
        except LabelyardError as error:
            form.add_error(None, error.sentence)
    status = 200 if posted(visit) is None else 422
    # Not counted anew as jobs go on: htmx takes another part of the page.
    preview = None if visit.partial else rule_preview(rule=found)
    context = {**rule_context(found, form), "preview": preview}
    return visit.answer("labelyard/rule.html", context, status=status)


def rule_context(found: Rule, form: RuleForm) -> dict[str, Any]:
    batches = batch_list(project_id=found.project_id).filter(rule=found).order_by("-pk")[:BATCHES_SHOWN]
    counts = [(COUNTED[name], count) for name, count in rule_counts(found).items() if count]
    return {
        **about(found.project),
        "rule": found,
        "form": form,
        "seen": version_of(settings_of(rule_get(rule_id=found.pk))),
        "over_budget": found.error_code == OVER_BUDGET,
        "counts": counts,
        "faces": [BatchFace(one, steerable=True) for one in batches],
        "noticed": list(rule_task_list(rule=found).order_by("-pk")[:TASKS_SHOWN]),
    }


def done(visit: Visit, found: Rule, verb: str) -> HttpResponse:
    """Do ``verb`` to the rule, and say what came of it."""
    try:
        said = VERBS[verb](visit, found)
        messages.success(visit.request, said, extra_tags="good")
    except LabelyardError as error:
        messages.error(visit.request, error.sentence, extra_tags="bad")
        return redirect("rule", rule_id=found.pk)
    if verb == "remove":
        return redirect("project-rules", project_id=found.project_id)
    return redirect("rule", rule_id=found.pk)


def switch_on(visit: Visit, found: Rule) -> str:
    budget = budget_read(visit.request.POST.get("budget_hours", ""))
    rule_switch_on(user=visit.user, rule=found, budget_seconds=budget)
    return "The rule is on: new media that match get their jobs by themselves."


def switch_off(visit: Visit, found: Rule) -> str:
    rule_switch_off(rule=found)
    return "The rule is off. Jobs that it ordered stay."


def remove(visit: Visit, found: Rule) -> str:
    rule_delete(rule=found)
    return f"“{found}” was removed. Jobs that it ordered stay."


VERBS: dict[str, Callable[[Visit, Rule], str]] = {"on": switch_on, "off": switch_off, "remove": remove}


def posted(visit: Visit) -> Any:
    return visit.request.POST if visit.request.method == "POST" else None


def about(project: Project) -> dict[str, Any]:
    return {"project": project, "tab": "rules", "place": "projects"}

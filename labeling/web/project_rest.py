"""A project's export, members with the rules that they work by, and ontology."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect

from labeling.errors import LabelyardError, refused
from labeling.models import BucketExport, Connection, Media, Member, Project, Role, Stage, Task
from labeling.selectors.ontologies import ontology_get
from labeling.selectors.projects import member_get, member_list, project_get
from labeling.services.projects import (
    WEIGHT_MAX,
    member_add,
    member_change_role,
    member_remove,
    project_update,
    project_weigh,
)
from labeling.web.as_read import as_read, version_of
from labeling.web.guard import Visit, page

EXPORTS_SHOWN = 10


@page
def project_export(visit: Visit, *, project_id: int) -> HttpResponse:
    """Both formats to download; what each cannot hold is asked of the API."""
    tasks = Task.objects.filter(project_id=project_id)
    context = {
        "project": project_get(user=visit.user, project_id=project_id),
        "tab": "export",
        "place": "projects",
        "tasks": tasks.count(),
        "open": tasks.exclude(stage=Stage.COMPLETE).count(),
        "media": Media.objects.filter(project_id=project_id).count(),
        "connections": Connection.objects.filter(project_id=project_id).order_by("name"),
        "bucket_exports": BucketExport.objects.filter(project_id=project_id)
        .select_related("connection")
        .order_by("-pk")[:EXPORTS_SHOWN],
    }
    return visit.answer("labelyard/project_export.html", context)


@page
def project_ontology(visit: Visit, *, project_id: int) -> HttpResponse:
    """The classes and classifications, to read."""
    project = project_get(user=visit.user, project_id=project_id)
    context = {
        "project": project,
        "tab": "ontology",
        "place": "projects",
        "ontology": ontology_get(ontology_id=project.ontology_id),
    }
    return visit.answer("labelyard/project_ontology.html", context)


class MemberForm(forms.Form):
    username = forms.CharField(max_length=150, label="User name")
    role = forms.ChoiceField(choices=Role.choices, label="Role", initial=Role.ANNOTATOR)


@page
def project_members(visit: Visit, *, project_id: int) -> HttpResponse:
    """The members, and a form that adds one."""
    data = visit.request.POST if visit.request.method == "POST" else None
    project = project_get(user=visit.user, project_id=project_id)
    form = MemberForm(data)
    if data is not None and form.is_valid():
        try:
            member_add(project=project, **form.cleaned_data)
            return redirect("project-members", project_id=project_id)
        except LabelyardError as error:
            form.add_error("username", error.sentence)
    return members_page(visit, project, form=form, status=200 if data is None else 422)


def members_page(
    visit: Visit,
    project: Project,
    *,
    form: MemberForm,
    rules: Mapping[str, object] | None = None,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page; ``rules`` as somebody wrote them, with what is ``said`` of them."""
    context = {
        "project": project,
        "tab": "members",
        "place": "projects",
        "members": member_list(project_id=project.pk).order_by("user__username"),
        "roles": Role,
        "form": form,
        "rules": rules_of(project) if rules is None else rules,
        "rules_said": said,
        "seen": version_of(rules_of(project)),
    }
    return visit.answer("labelyard/project_members.html", context, status=status)


class RulesForm(forms.Form):
    comments_block = forms.BooleanField(required=False)
    running_parts_max = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False)
    budget_hours = forms.FloatField(min_value=0.001, max_value=1e8, required=False)
    weight = forms.FloatField(min_value=0.001, max_value=WEIGHT_MAX, required=False)


RULES_WRONG = "Parts at once are a whole number from 1, hours and weight numbers above 0. Nothing was saved."


def rules_of(project: Project) -> dict[str, object]:
    return {
        "comments_block": project.comments_block,
        "running_parts_max": project.running_parts_max,
        "budget_hours": None if project.budget_seconds is None else f"{project.budget_seconds / 3600:g}",
        "weight": project.weight,
    }


@page
def project_settings(visit: Visit, *, project_id: int) -> HttpResponse:
    """Say whether open comments keep tasks from being submitted, and how much its jobs may have."""
    project = project_get(user=visit.user, project_id=project_id)
    form = RulesForm(visit.request.POST)
    try:
        if not form.is_valid():
            raise refused("invalid_rules", RULES_WRONG)
        with as_read(
            visit.request,
            project,
            noun="project",
            settings=lambda: rules_of(project_get(user=visit.user, project_id=project_id)),
            written={name: form.cleaned_data[name] for name in ("comments_block", "running_parts_max")},
        ):
            rules_save(visit, project, form.cleaned_data)
    except LabelyardError as error:
        written = visit.request.POST.dict()
        now = project_get(user=visit.user, project_id=project_id)
        rules = {"weight": now.weight, **written}
        return members_page(visit, now, form=MemberForm(), rules=rules, said=error.sentence, status=422)
    messages.success(visit.request, "The rules of this project were saved.", extra_tags="good")
    return redirect("project-members", project_id=project_id)


def rules_save(visit: Visit, project: Project, told: Mapping[str, Any]) -> None:
    hours = told["budget_hours"]
    project_update(
        project=project,
        comments_block=told["comments_block"],
        running_parts_max=told["running_parts_max"],
        budget_seconds=hours * 3600 if hours else None,
    )
    if told["weight"] is not None and visit.user.is_superuser:
        project_weigh(project_id=project.pk, weight=told["weight"])


@page
def member_change(visit: Visit, *, member_id: int) -> HttpResponse:
    """Give the member the role in ``role``, or take them out when it is “remove”; ``seen`` was theirs."""
    member = member_get(member_id=member_id)
    role = visit.request.POST.get("role", "")
    said = ""
    try:
        with transaction.atomic():
            seen_check(member, visit.request.POST.get("seen", ""))
            if role == "remove":
                member_remove(member=member)
                return HttpResponse("")
            member_change_role(member=member, role=role)
    except LabelyardError as error:
        said = error.sentence
    context = {"member": member_get(member_id=member_id), "roles": Role, "said": said}
    return visit.answer("labelyard/parts/member_row.html", context)


def seen_check(member: Member, seen: str) -> None:
    """Raise ``changed_meanwhile`` (412) where the page showed another role; hold the project's row."""
    list(Project.objects.select_for_update().filter(pk=member.project_id).values_list("pk"))
    member.refresh_from_db(fields=["role"])
    if seen not in ("", member.role):
        raise LabelyardError(
            "changed_meanwhile",
            f"Somebody made {member.user.username} {member.get_role_display().lower()} after you had opened "
            "the page. Nothing was done: choose again.",
            status=412,
        )

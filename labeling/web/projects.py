"""The projects page, and making a project with a simple ontology."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect

from labeling.errors import LabelyardError, refused
from labeling.geometry.shapes import ShapeKind
from labeling.models import Ontology, User
from labeling.selectors.ontologies import ontology_list
from labeling.services.projects import project_create
from labeling.web.cards import project_cards
from labeling.web.guard import Visit, page

CLASSES_MAX = 100
# A skeleton needs a template of vertices and edges, which is made through the API.
SHAPES = [(kind.value, kind.value.replace("_", " ").capitalize()) for kind in ShapeKind if kind != "skeleton"]
COLORS = ("#e6194b", "#3cb44b", "#4363d8", "#f58231", "#911eb4", "#008080", "#9a6324", "#808000")


class ProjectForm(forms.Form):
    """A name, and an ontology that is there or a new one."""

    name = forms.CharField(max_length=200, label="Name")
    ontology = forms.ChoiceField(
        required=False, label="Ontology", help_text="What is labeled: the classes, and how each is drawn."
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known: list[tuple[str, str]] = [(str(row.pk), row.name) for row in usable(user)]
        choices = self.fields["ontology"]
        assert isinstance(choices, forms.ChoiceField)  # noqa: S101
        choices.choices = [("", "New, with the classes below"), *known]


def usable(user: User) -> list[Ontology]:
    return list(ontology_list(user=user).order_by("name"))


class ClassForm(forms.Form):
    """One class of the new ontology; a row without a name is left out."""

    name = forms.CharField(max_length=200, required=False, label="Class")
    color = forms.RegexField(
        r"^#[0-9a-fA-F]{6}$",
        required=False,
        label="Colour",
        error_messages={"invalid": "A colour looks like #e6194b."},
        widget=forms.TextInput(attrs={"type": "color"}),
    )
    shape = forms.ChoiceField(choices=SHAPES, label="Shape", initial=ShapeKind.BOUNDING_BOX.value)


ClassForms = forms.formset_factory(ClassForm, extra=0, max_num=CLASSES_MAX, validate_max=True)


@page
def projects(visit: Visit) -> HttpResponse:
    """Cards of all projects that the person is a member of."""
    cards = project_cards(visit.user)
    return visit.answer("labelyard/projects.html", {"cards": cards, "place": "projects"})


@page
def project_new(visit: Visit) -> HttpResponse:
    """The form, and what it makes."""
    request = visit.request
    if request.method != "POST":
        first = [{"color": color} for color in COLORS[:2]]
        return asked(visit, ProjectForm(user=visit.user), ClassForms(prefix="classes", initial=first))
    form = ProjectForm(request.POST, user=visit.user)
    classes = ClassForms(request.POST, prefix="classes")
    if form.is_valid() and classes.is_valid():
        try:
            ontology = chosen(form, classes)
            project = project_create(user=visit.user, name=form.cleaned_data["name"], ontology=ontology)
            return redirect("project", project_id=project.pk)
        except LabelyardError as error:
            form.add_error(None, error.sentence)
    return asked(visit, form, classes, status=422)


def asked(visit: Visit, form: ProjectForm, classes: Any, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "classes": classes, "colors": COLORS, "place": "projects"}
    return visit.answer("labelyard/project_new.html", context, status=status)


def chosen(form: ProjectForm, classes: Any) -> int | dict[str, Any]:
    """Return the id of the ontology that was chosen, or the tree of the new one."""
    if form.cleaned_data["ontology"]:
        return int(form.cleaned_data["ontology"])
    rows = [row.cleaned_data for row in classes if row.cleaned_data.get("name")]
    if not rows:
        raise refused("no_classes", "Name at least one class to label, or choose an ontology.")
    tree = [
        {"name": row["name"], "shape": row["shape"], **({"color": row["color"]} if row["color"] else {})}
        for row in rows
    ]
    return {"name": form.cleaned_data["name"], "classes": tree}

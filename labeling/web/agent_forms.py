"""The form of an agent: its entry, and its outcomes with where each of them leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.utils import ErrorList

from labeling.models import Agent, Entry, Project, Stage
from labeling.services.agents import LEASE_MAX, LEASE_MIN, RETURNS_MAX

ROWS_SPARE, ROWS_LEAST = 1, 3
STAGES = [(stage.value, stage.label) for stage in Stage if stage != Stage.AGENT]


class AgentForm(forms.Form):
    name = forms.CharField(max_length=100, label="Name", help_text="What it does: “Is anything labelled?”")
    entry = forms.ChoiceField(choices=Entry.choices, label="Gets")
    lease_seconds = forms.IntegerField(
        min_value=LEASE_MIN,
        max_value=LEASE_MAX,
        label="Holds a task for (seconds)",
        help_text="Unless the program says otherwise; then the task waits again.",
    )
    returns_max = forms.IntegerField(
        min_value=1,
        max_value=RETURNS_MAX,
        label="Tries",
        help_text="A task that came back undone so often goes on to people.",
    )


class PathwayForm(forms.Form):
    """One outcome; a row that is left empty is none."""

    name = forms.CharField(max_length=100, required=False, label="Outcome")
    to = forms.ChoiceField(required=False, label="Leads to")

    def __init__(self, *args: Any, ways: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = ways

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if bool(told.get("name")) != bool(told.get("to")) and not self.errors:
            raise forms.ValidationError("An outcome has a name, and a place that it leads to.")
        return told


class AgentFields:
    """The form with as many rows of outcomes as there are, and room for more."""

    def __init__(self, project: Project, *, agent: Agent | None, data: Mapping[str, Any] | None) -> None:
        others = Agent.objects.filter(project=project).exclude(pk=agent.pk if agent else 0).order_by("pk")
        ways = [("", "—"), *STAGES, *((f"agent:{one.pk}", f"The agent “{one}”") for one in others)]
        rows = [{"name": way["name"], "to": way_value(way)} for way in agent.pathways] if agent else []
        formset = forms.formset_factory(
            PathwayForm, extra=max(ROWS_SPARE, ROWS_LEAST - len(rows)), max_num=20, validate_max=True
        )
        self.form = AgentForm(data, initial=initial(agent))
        self.rows = formset(data, initial=rows, prefix="pathway", form_kwargs={"ways": ways})

    def is_valid(self) -> bool:
        rows, form = self.rows.is_valid(), self.form.is_valid()
        return rows and form

    def refuse(self, sentence: str) -> None:
        self.form.add_error(None, sentence)

    @property
    def errors(self) -> ErrorList:
        """What is said of the whole."""
        return self.form.non_field_errors()

    def values(self) -> dict[str, Any]:
        """What services take."""
        told = [row.cleaned_data for row in self.rows if row.cleaned_data.get("name")]
        return {**self.form.cleaned_data, "pathways": [pathway(row) for row in told]}


def initial(agent: Agent | None) -> dict[str, Any]:
    agent = agent or Agent(entry=Entry.SUBMITTED)
    return {name: getattr(agent, name) for name in ("name", "entry", "lease_seconds", "returns_max")}


def settings_of(agent: Agent) -> dict[str, Any]:
    return {**initial(agent), "pathways": agent.pathways}


def way_value(way: Mapping[str, Any]) -> str:
    return f"agent:{way['agent']}" if way["agent"] else str(way["to"])


def pathway(row: Mapping[str, Any]) -> dict[str, Any]:
    to, _, agent = row["to"].partition(":")
    return {"name": row["name"], "to": to, "agent": int(agent) if agent else None}

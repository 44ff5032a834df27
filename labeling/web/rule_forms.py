"""The form of a rule: which media it is about, and what is done to each, as the form of runs says it."""

from __future__ import annotations

from typing import Any

from django import forms

from labeling.models import Connection, JobKind, MediaKind, Project, Rule
from labeling.services.batches.specification import Specification, specification_read
from labeling.services.rules.changes import KINDS
from labeling.web.run_form import RunForm
from labeling.web.run_initial import specification_initial, with_unshown

EVERYTHING = ("", "All media of the project, by title")


class RuleForm(RunForm):
    connection = forms.ChoiceField(required=False, label="Media of")
    key_prefix = forms.CharField(
        max_length=1024,
        required=False,
        strip=False,
        label="That begin with",
        help_text="Of a bucket the whole key, else the title. Empty: all.",
    )
    media_kinds = forms.MultipleChoiceField(
        choices=[(kind, MediaKind(kind).label) for kind in KINDS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Kinds of media",
    )

    def __init__(self, *args: Any, project: Project, rule: Rule | None = None, **options: Any) -> None:
        initial = rule_initial(rule) if rule else {"kind": JobKind.DETECT_ALL.value}
        super().__init__(*args, project=project, initial=initial, **options)
        self.rule = rule
        connections = Connection.objects.filter(project=project).order_by("name")
        places = [(str(one.pk), f"{one.name} ({one.place})") for one in connections]
        self.fields["connection"].choices = [EVERYTHING, *places]  # type: ignore[attr-defined]
        self.fields["name"].required = True
        self.fields["name"].max_length = 100  # type: ignore[attr-defined]
        self.fields["budget_hours"].help_text = "Once it is spent the rule is paused. Empty: no limit."

    def values(self) -> dict[str, Any]:
        """What the services take."""
        told = self.cleaned_data
        hours = told["budget_hours"]
        return {
            "name": told["name"][:100],
            "connection": int(told["connection"]) if told["connection"] else None,
            "prefix": told["key_prefix"],
            "kinds": told["media_kinds"],
            "specification": self.kept_specification(),
            "budget_seconds": hours * 3600 if hours else None,
        }

    def kept_specification(self) -> Specification:
        """What the form says, with what it has no field for as it was."""
        told = self.specification()
        if self.rule is None:
            return told
        return with_unshown(told, before=specification_read(self.rule.specification))


def rule_initial(rule: Rule) -> dict[str, Any]:
    return {
        **specification_initial(specification_read(rule.specification)),
        "name": rule.name,
        "connection": str(rule.connection_id or ""),
        "key_prefix": rule.prefix,
        "media_kinds": rule.kinds,
        "budget_hours": rule.budget_seconds / 3600 if rule.budget_seconds else None,
    }


def settings_of(rule: Rule) -> dict[str, Any]:
    """What the form is about, as ``RuleForm.values`` has it but for the specification, which is JSON."""
    names = ("name", "prefix", "kinds", "specification", "budget_seconds")
    return {**{name: getattr(rule, name) for name in names}, "connection": rule.connection_id}

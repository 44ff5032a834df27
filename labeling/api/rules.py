"""``rules/``: what is run on new media by itself."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.batch_inputs import BUDGET_MAX, SpecificationField, specification_of
from labeling.api.pages import PageQuery, page, page_of
from labeling.api.people import PersonSerializer
from labeling.api.preconditions import SettingsView
from labeling.api.views import ApiView, Input, ReferenceField
from labeling.models import COUNTS, Rule, RuleState
from labeling.selectors.projects import project_get
from labeling.selectors.rules import rule_counts, rule_get, rule_list
from labeling.services.rules.changes import KINDS, rule_create, rule_delete, rule_update


class RuleSerializer(serializers.ModelSerializer[Rule]):
    """A rule. ``counts`` says what became of the tasks that it ``noticed``; ``error`` why it is paused."""

    state = serializers.ChoiceField(choices=RuleState.choices)
    kinds = serializers.ListField(child=serializers.CharField())
    specification = serializers.DictField()
    noticed = serializers.IntegerField()
    counts = serializers.SerializerMethodField()
    switched_by = PersonSerializer(allow_null=True)
    created_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Rule
        fields = (
            "id", "uid", "project", "name", "state", "connection", "prefix", "kinds", "specification",
            "budget_seconds", "worker_seconds", "gpu_seconds", "error_code", "error", "noticed", "counts",
            "ordered_at", "switched_by", "switched_at", "created_by", "created_at",
        )  # fmt: skip

    @extend_schema_field(
        inline_serializer(
            name="RuleCounts",
            fields={name: serializers.IntegerField() for name in ("pending", "dropped", *COUNTS)},
        )
    )
    def get_counts(self, rule: Rule) -> dict[str, int]:
        return rule_counts(rule)


class RuleChanges(Input):
    name = serializers.CharField(max_length=100, required=False)
    connection = ReferenceField(
        required=False,
        allow_null=True,
        help_text="Media of this bucket, by their keys; without it all of the project, by their titles.",
    )
    prefix = serializers.CharField(
        max_length=1024,
        allow_blank=True,
        trim_whitespace=False,
        required=False,
        help_text="What key or title begin with; an empty one matches all.",
    )
    kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=KINDS),
        required=False,
        max_length=len(KINDS),
        help_text="Kinds of media; none are all.",
    )
    specification = SpecificationField(required=False)
    budget_seconds = serializers.FloatField(
        min_value=1,
        max_value=BUDGET_MAX,
        required=False,
        allow_null=True,
        help_text="Time of workers, in all, after which the rule is paused.",
    )


class RuleInput(RuleChanges):
    name = serializers.CharField(max_length=100)
    specification = SpecificationField()


class ProjectRulesView(ApiView):
    """The rules of a project."""

    @extend_schema(
        parameters=[PageQuery],
        operation_id="projects_rules_list",
        responses=page_of(RuleSerializer),
        tags=["rules"],
    )
    def get(self, request: Request, project_id: int) -> Response:
        """List the rules, and what became of the tasks that each took notice of."""
        rows = rule_list(project_id=project_id)
        return page(rows, query=self.query(PageQuery), serializer=RuleSerializer)

    @extend_schema(request=RuleInput, responses={201: RuleSerializer}, tags=["rules"])
    def post(self, request: Request, project_id: int) -> Response:
        """Make a rule, which is off. `preview/` says what it would have matched, `on/` switches it on."""
        project = project_get(user=self.person, project_id=project_id)
        made = rule_create(user=self.person, project=project, **said(self.body(RuleInput)))
        return Response(shown(made.pk), status=status.HTTP_201_CREATED)


class RuleView(SettingsView):
    """One rule."""

    noun = "rule"
    changeable = ("name", "connection", "prefix", "kinds", "specification", "budget_seconds")

    @extend_schema(responses=RuleSerializer, tags=["rules"])
    def get(self, request: Request, rule_id: int) -> Response:
        """What it does, what it cost, and what became of the tasks."""
        return Response(shown(rule_id))

    @extend_schema(request=RuleChanges, responses=RuleSerializer, tags=["rules"])
    def patch(self, request: Request, rule_id: int) -> Response:
        """Change it. Jobs that it ordered stay as they are; `on/` and `off/` switch it."""
        changes = said(self.body(RuleChanges))
        rule = rule_get(rule_id=rule_id)
        with self.as_seen(rule, told=lambda: shown(rule_id)):
            rule_update(rule=rule_get(rule_id=rule_id), **changes)
        return Response(shown(rule_id))

    @extend_schema(responses={204: None}, tags=["rules"])
    def delete(self, request: Request, rule_id: int) -> Response:
        """Remove it. Jobs that it ordered stay, in their batches."""
        rule = rule_get(rule_id=rule_id)
        with self.as_seen(rule, told=lambda: shown(rule_id)):
            rule_delete(rule=rule)
        return Response(status=status.HTTP_204_NO_CONTENT)


def said(body: dict[str, Any]) -> dict[str, Any]:
    """What a checked body says, as the services take it."""
    if "specification" in body:
        body["specification"] = specification_of(body["specification"])
    return body


def shown(rule_id: int) -> Any:
    return RuleSerializer(rule_get(rule_id=rule_id)).data

"""``rules/{id}/…``: switched on and off, tried before, and what it did."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.batch_inputs import BUDGET_MAX
from labeling.api.pages import PageQuery, page, page_of
from labeling.api.rules import RuleSerializer, shown
from labeling.api.views import ApiView, Input
from labeling.models import RuleTask
from labeling.selectors.rules import rule_get, rule_preview, rule_task_list
from labeling.services.rules.switching import rule_switch_off, rule_switch_on


class OnInput(Input):
    budget_seconds = serializers.FloatField(
        min_value=1, max_value=BUDGET_MAX, required=False, help_text="A new budget, in all."
    )


class MatchedTaskSerializer(serializers.Serializer[Any]):
    """A task whose media would have matched."""

    task = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    media = serializers.IntegerField(source="media_id")
    media_title = serializers.CharField(source="media.title")


class RulePreviewSerializer(serializers.Serializer[Any]):
    """Of the ``media`` that are ready those that match, how many ``tasks`` they have, the newest of them."""

    media = serializers.IntegerField()
    media_matching = serializers.IntegerField()
    tasks = serializers.IntegerField()
    sample = MatchedTaskSerializer(many=True)


class RuleTaskSerializer(serializers.ModelSerializer[RuleTask]):
    """A task that the rule took notice of: it waits without a ``batch``, was ``dropped``, or has its job
    there, or the ``reason`` why it has none."""

    task_title = serializers.CharField(source="task.title")
    job = serializers.IntegerField(source="job_id", allow_null=True)
    job_state = serializers.CharField(allow_null=True)
    reason = serializers.CharField()
    sentence = serializers.CharField()

    class Meta:
        model = RuleTask
        fields = (
            "task", "task_title", "batch", "dropped", "job", "job_state", "reason", "sentence", "noticed_at",
        )  # fmt: skip


class RuleOnView(ApiView):
    @extend_schema(request=OnInput, responses=RuleSerializer, tags=["rules"])
    def post(self, request: Request, rule_id: int) -> Response:
        """Have new media matched from now on. One that was paused goes on with what came meanwhile.

        Media that are there already are not touched: order a batch for them.
        """
        body = self.body(OnInput)
        rule_switch_on(
            user=self.person,
            rule=rule_get(rule_id=rule_id),
            budget_seconds=body.get("budget_seconds"),
        )
        return Response(shown(rule_id))


class RuleOffView(ApiView):
    @extend_schema(request=None, responses=RuleSerializer, tags=["rules"])
    def post(self, request: Request, rule_id: int) -> Response:
        """Match nothing more. Jobs that were ordered stay; steer them by their batch."""
        rule_switch_off(rule=rule_get(rule_id=rule_id))
        return Response(shown(rule_id))


class RulePreviewView(ApiView):
    @extend_schema(responses=RulePreviewSerializer, tags=["rules"])
    def get(self, request: Request, rule_id: int) -> Response:
        """Say which of what was registered so far the rule would have matched. Nothing is ordered."""
        return Response(RulePreviewSerializer(rule_preview(rule=rule_get(rule_id=rule_id))).data)


class RuleTasksView(ApiView):
    @extend_schema(
        parameters=[PageQuery],
        operation_id="rules_tasks_list",
        responses=page_of(RuleTaskSerializer),
        tags=["rules"],
    )
    def get(self, request: Request, rule_id: int) -> Response:
        """List the tasks that the rule took notice of, newest first, and what came of each."""
        rows = rule_task_list(rule=rule_get(rule_id=rule_id))
        return page(rows, query=self.query(PageQuery), serializer=RuleTaskSerializer, newest_first=True)

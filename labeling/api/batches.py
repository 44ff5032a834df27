"""``batches/`` as they are read: lists, one with its groups, its items, its least sure results."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.pages import PageQuery, page, page_of
from labeling.api.people import PersonSerializer
from labeling.api.views import ApiView, Input
from labeling.models import COUNTS, Batch, BatchItem, BatchState
from labeling.selectors.batches import (
    batch_get,
    error_groups,
    item_list,
    lowest_scores,
    skip_groups,
)
from labeling.services.batches.differences import differences

SCORES_MOST = 500


class BatchSerializer(serializers.ModelSerializer[Batch]):
    """A batch. ``counts`` add up to ``items_total``; ``verb`` is what is being done to its jobs now."""

    parent = serializers.IntegerField(source="parent_id", allow_null=True)  # type: ignore[assignment]
    rule = serializers.IntegerField(source="rule_id", allow_null=True)
    created_by = PersonSerializer(allow_null=True)
    filter = serializers.DictField()
    specification = serializers.DictField()
    verb_outcome = serializers.DictField(child=serializers.IntegerField())
    state = serializers.ChoiceField(choices=BatchState.choices)
    counts = serializers.SerializerMethodField()

    class Meta:
        model = Batch
        fields = (
            "id", "uid", "project", "parent", "rule", "name", "kind", "state", "paused", "verb",
            "verb_outcome", "cancel_keeps", "filter", "specification", "seed", "sample", "sample_good",
            "items_total", "counts", "worker_seconds", "gpu_seconds", "budget_seconds", "created_by",
            "created_at", "finished_at",
        )  # fmt: skip

    @extend_schema_field(
        inline_serializer(name="BatchCounts", fields={name: serializers.IntegerField() for name in COUNTS})
    )
    def get_counts(self, batch: Batch) -> dict[str, int]:
        return {name: getattr(batch, f"count_{name}") for name in COUNTS}


class SkipGroupSerializer(serializers.Serializer[Any]):
    """Why items were skipped, with a sample."""

    reason = serializers.CharField()
    count = serializers.IntegerField()
    sentence = serializers.CharField()
    task = serializers.IntegerField()
    task_title = serializers.CharField()


class ErrorGroupSerializer(serializers.Serializer[Any]):
    """Why jobs failed, in whole or in part, with a sample."""

    error_code = serializers.CharField()
    count = serializers.IntegerField()
    sentence = serializers.CharField()
    job = serializers.IntegerField()
    task = serializers.IntegerField()
    task_title = serializers.CharField()


class DifferenceSerializer(serializers.Serializer[Any]):
    """What the specification has that its parent's has not."""

    name = serializers.CharField()
    before = serializers.JSONField()
    now = serializers.JSONField()


class BatchDetailSerializer(BatchSerializer):
    """A batch with its errors and skips by class, and what changed against its parent."""

    skips = SkipGroupSerializer(many=True)
    failures = ErrorGroupSerializer(many=True)
    differences = DifferenceSerializer(many=True)

    class Meta(BatchSerializer.Meta):
        fields = (*BatchSerializer.Meta.fields, "skips", "failures", "differences")  # type: ignore[assignment]


def batch_shown(batch_id: int) -> Any:
    """The batch as it is now."""
    batch = batch_get(batch_id=batch_id)
    facts = {
        "skips": skip_groups(batch=batch),
        "failures": error_groups(batch=batch),
        "differences": differences(batch=batch),
    }
    for name, value in facts.items():
        setattr(batch, name, value)
    return BatchDetailSerializer(batch).data


class BatchItemSerializer(serializers.ModelSerializer[BatchItem]):
    """A task of the batch: ``state`` is that of its job, or ``waiting``, or ``skipped`` for ``reason``."""

    task_title = serializers.CharField(source="task.title")
    state = serializers.CharField()
    error_code = serializers.CharField(source="job.error_code", default="")
    error = serializers.CharField(source="job.error", default="")
    labels_written = serializers.IntegerField(source="job.labels_written", default=0)

    class Meta:
        model = BatchItem
        fields = (
            "position", "task", "task_title", "state", "job", "reason", "sentence", "job_in_the_way",
            "error_code", "error", "labels_written",
        )  # fmt: skip


class ItemQuery(PageQuery):
    state = serializers.ChoiceField(choices=COUNTS, required=False)
    reason = serializers.CharField(max_length=60, required=False)
    error_code = serializers.CharField(max_length=60, required=False)


class ScoreQuery(Input):
    limit = serializers.IntegerField(min_value=1, max_value=SCORES_MOST, default=50)


class BatchView(ApiView):
    """One batch."""

    @extend_schema(responses=BatchDetailSerializer, tags=["batches"])
    def get(self, request: Request, batch_id: int) -> Response:
        """Everything about the batch: order, counts, errors and skips by class."""
        return Response(batch_shown(batch_id))


class BatchItemsView(ApiView):
    """The tasks of a batch."""

    @extend_schema(
        parameters=[ItemQuery],
        operation_id="batches_items_list",
        responses=page_of(BatchItemSerializer),
        tags=["batches"],
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """List the items in the order in which they get their jobs, narrowed by state, reason and error."""
        query = self.query(ItemQuery)
        rows = item_list(
            batch=batch_get(batch_id=batch_id),
            state=query.get("state"),
            reason=query.get("reason"),
            error_code=query.get("error_code"),
        )
        return page(rows, query=query, serializer=BatchItemSerializer)


class BatchScoresView(ApiView):
    """The least sure results of a batch."""

    @extend_schema(
        parameters=[ScoreQuery],
        responses=inline_serializer(
            name="BatchScores",
            fields={
                "results": inline_serializer(
                    name="BatchScore",
                    fields={
                        "task": serializers.IntegerField(),
                        "task_title": serializers.CharField(),
                        "job": serializers.IntegerField(),
                        "lowest": serializers.FloatField(),
                        "mean": serializers.FloatField(),
                        "labels": serializers.IntegerField(),
                    },
                    many=True,
                )
            },
        ),
        tags=["batches"],
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """The tasks whose labels of this batch are least sure, the lowest score first."""
        batch = batch_get(batch_id=batch_id)
        return Response({"results": lowest_scores(batch=batch, most=self.query(ScoreQuery)["limit"])})

"""Ordering batches, with a dry run before; running one again with changes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.batch_inputs import AgainInput, BatchInput, batch_order_of, specification_of
from labeling.api.batches import BatchDetailSerializer, BatchSerializer, batch_shown
from labeling.api.orders import KEY, OrderQuery, idempotency_key
from labeling.api.pages import PageQuery, page, page_of
from labeling.api.views import ApiView
from labeling.models import Project
from labeling.selectors.batches import batch_get, batch_list
from labeling.services.batches.again import batch_again
from labeling.services.batches.dry_run import DryRun, batch_dry_run
from labeling.services.batches.orders import BatchSubmitted, batch_submit

DRY_RUN = inline_serializer(
    name="BatchDryRun",
    fields={
        "tasks": serializers.IntegerField(help_text="All that match."),
        "runs": serializers.IntegerField(help_text="Those that would get a job."),
        "frames": serializers.IntegerField(help_text="As in the dry run of one job."),
        "objects": serializers.IntegerField(),
        "skipped": inline_serializer(
            name="BatchSkips",
            fields={
                "reason": serializers.CharField(),
                "sentence": serializers.CharField(),
                "count": serializers.IntegerField(),
                "samples": serializers.ListField(child=serializers.DictField()),
            },
            many=True,
        ),
        "warnings": serializers.ListField(child=serializers.CharField(), help_text="A few of them."),
        "protected_touched": serializers.IntegerField(),
        "waiting_for_worker": serializers.BooleanField(help_text="No live worker could take them now."),
        "workers": serializers.IntegerField(help_text="Live workers that could take them."),
        "seconds": serializers.ListField(
            child=serializers.FloatField(),
            allow_null=True,
            help_text="From, to, over those workers; null when not known.",
        ),
    },
)


def dry_run_json(told: DryRun) -> dict[str, Any]:
    return {
        "tasks": told.tasks,
        "runs": told.runs,
        "frames": told.frames,
        "objects": told.objects,
        "skipped": [asdict(group) for group in told.skips()],
        "warnings": list(told.warnings),
        "protected_touched": told.protected_touched,
        "waiting_for_worker": told.waiting_for_worker,
        "workers": told.workers,
        "seconds": told.seconds,
    }


def answered(done: BatchSubmitted) -> Response:
    code = status.HTTP_201_CREATED if done.created else status.HTTP_200_OK
    return Response(batch_shown(done.batch.pk), status=code)


class ProjectBatchesView(ApiView):
    """The batches of a project."""

    @extend_schema(
        parameters=[PageQuery],
        operation_id="projects_batches_list",
        responses=page_of(BatchSerializer),
        tags=["batches"],
    )
    def get(self, request: Request, project_id: int) -> Response:
        """List the batches, newest first."""
        rows = batch_list(project_id=project_id)
        return page(rows, query=self.query(PageQuery), serializer=BatchSerializer, newest_first=True)

    @extend_schema(
        parameters=[OrderQuery, KEY],
        request=BatchInput,
        responses={201: BatchDetailSerializer, 200: DRY_RUN},
        tags=["batches"],
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Order a batch over all tasks that match now. With ``dry_run`` nothing is stored.

        The answer does not wait for the jobs: they are queued behind it, and the counts follow.
        """
        project = Project.objects.get(pk=project_id)
        dry_run = self.query(OrderQuery)["dry_run"]
        order = batch_order_of(self.body(BatchInput), user=self.person)
        if dry_run:
            told = batch_dry_run(project=project, chosen=order.chosen, specification=order.specification)
            return Response(dry_run_json(told))
        key = idempotency_key(request)
        return answered(batch_submit(user=self.person, project=project, order=order, idempotency_key=key))


class BatchAgainView(ApiView):
    """A batch once more, with changes."""

    @extend_schema(
        parameters=[KEY],
        request=AgainInput,
        responses={201: BatchDetailSerializer, 200: BatchDetailSerializer},
        tags=["batches"],
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """Run its tasks again as a new batch that is linked to it."""
        body = self.body(AgainInput)
        done = batch_again(
            user=self.person,
            batch=batch_get(batch_id=batch_id),
            specification=specification_of(body["specification"]) if "specification" in body else None,
            states=body.get("states", ()),
            sample=body.get("sample"),
            name=body.get("name", ""),
            budget_seconds=body.get("budget_seconds"),
            idempotency_key=idempotency_key(request),
        )
        return answered(done)

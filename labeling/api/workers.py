"""``workers/``: who is there to take jobs."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.pages import PageQuery, page, page_of
from labeling.api.views import ApiView, Input
from labeling.models import Worker, WorkerHold
from labeling.selectors.workers import worker_list
from labeling.services.workers import worker_hold


class WorkerSerializer(serializers.ModelSerializer[Worker]):
    """A live worker: what it takes, and what it can run."""

    capabilities = serializers.ListField(child=serializers.CharField())
    algorithms = serializers.DictField()
    detectors = serializers.DictField()
    memory = serializers.DictField(
        child=serializers.IntegerField(), help_text="Bytes: used by it, total and free of its machine."
    )

    class Meta:
        model = Worker
        fields = (
            "id", "name", "capabilities", "algorithms", "detectors", "device", "has_gpu", "memory", "held",
            "held_at", "started_at", "seen_at",
        )  # fmt: skip


class HoldInput(Input):
    hold = serializers.ChoiceField(
        choices=WorkerHold.choices, allow_blank=True, help_text="Empty: it takes parts again."
    )


class WorkerHoldView(ApiView):
    """Whether a worker takes parts. Operators only."""

    @extend_schema(request=HoldInput, responses=WorkerSerializer, tags=["workers"])
    def post(self, request: Request, worker_id: int) -> Response:
        """Drain or quarantine a worker: it finishes what it has and takes nothing new."""
        worker = worker_hold(worker_id=worker_id, hold=self.body(HoldInput)["hold"], user=self.person)
        return Response(WorkerSerializer(worker).data)


class WorkersView(ApiView):
    """Live workers."""

    @extend_schema(
        parameters=[PageQuery],
        operation_id="workers_list",
        responses=page_of(WorkerSerializer),
        tags=["workers"],
    )
    def get(self, request: Request) -> Response:
        """List the workers that were heard of in the last seconds."""
        return page(worker_list(), query=self.query(PageQuery), serializer=WorkerSerializer)

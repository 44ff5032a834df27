"""``workers/``: who is there to take jobs."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.pages import PageQuery, page, page_of
from labeling.api.views import ApiView
from labeling.models import Worker
from labeling.selectors.workers import worker_list


class WorkerSerializer(serializers.ModelSerializer[Worker]):
    """A live worker: what it takes, and what it can run."""

    capabilities = serializers.ListField(child=serializers.CharField())
    algorithms = serializers.DictField()
    detectors = serializers.DictField()

    class Meta:
        model = Worker
        fields = ("id", "name", "capabilities", "algorithms", "detectors", "device", "started_at", "seen_at")


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

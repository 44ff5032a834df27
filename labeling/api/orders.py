"""Ordering jobs on a task, with a dry run before."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.access import task_require_editable
from labeling.api.jobs import JobDetailSerializer, JobSerializer, job_page, shown
from labeling.api.pages import PageQuery, page_of
from labeling.api.views import ORDINAL_MAX, ApiView, FrameField, Input, ReferenceField
from labeling.errors import LabelyardError
from labeling.models import Direction, JobKind
from labeling.selectors.jobs import job_get, job_list, seconds_for
from labeling.selectors.tasks import task_get
from labeling.services.jobs import INTERVAL_DEFAULT, TrackOrder, job_dry_run, job_submit
from labeling.services.plans import TrackPlan

KEY_MAX = 200
KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Repeating an order under the same key answers 200 with the job that is there.",
)


class OrderInput(Input):
    """An order to track. The range is inclusive; labels are written only inside it."""

    kind = serializers.ChoiceField(choices=[JobKind.TRACK.value], default=JobKind.TRACK.value)
    instances = serializers.ListField(child=ReferenceField(), max_length=10_000)
    first_frame = FrameField()
    last_frame = FrameField()
    direction = serializers.ChoiceField(choices=Direction.choices, default=Direction.FORWARDS)
    algorithm = serializers.CharField(max_length=40, default="fast")
    interval = serializers.IntegerField(min_value=0, max_value=ORDINAL_MAX, default=INTERVAL_DEFAULT)
    max_frames_after_key = serializers.IntegerField(
        min_value=1, max_value=ORDINAL_MAX, required=False, allow_null=True
    )
    instances_per_part = serializers.IntegerField(
        min_value=1, max_value=10_000, required=False, allow_null=True
    )
    priority = serializers.FloatField(min_value=0, max_value=1, default=0.5)
    from_editor = serializers.BooleanField(default=False)
    backend = serializers.DictField(default=dict, help_text="Settings of the algorithm.")


class OrderQuery(Input):
    dry_run = serializers.BooleanField(default=False, help_text="Only say what the order comes to.")


DRY_RUN = inline_serializer(
    name="DryRun",
    fields={
        "frames": serializers.IntegerField(),
        "objects": inline_serializer(
            name="DryRunObject",
            fields={"instance": serializers.IntegerField(), "seed_frame": serializers.IntegerField()},
            many=True,
        ),
        "warnings": serializers.ListField(child=serializers.CharField()),
        "protected_touched": serializers.IntegerField(),
        "seconds": serializers.ListField(
            child=serializers.FloatField(), allow_null=True, help_text="From, to; null when not known."
        ),
    },
)


class TaskJobsView(ApiView):
    """The jobs of a task."""

    @extend_schema(
        parameters=[PageQuery],
        operation_id="tasks_jobs_list",
        responses=page_of(JobSerializer),
        tags=["jobs"],
    )
    def get(self, request: Request, task_id: int) -> Response:
        """List the jobs, newest first."""
        task = task_get(task_id=task_id)
        return job_page(job_list(project_id=task.project_id, task_id=task_id), self.query(PageQuery))

    @extend_schema(
        parameters=[OrderQuery, KEY],
        request=OrderInput,
        responses={201: JobDetailSerializer, 200: DRY_RUN},
        tags=["jobs"],
    )
    def post(self, request: Request, task_id: int) -> Response:
        """Queue a job. With ``dry_run`` nothing is stored: the answer says what would run."""
        task = task_get(task_id=task_id)
        dry_run = self.query(OrderQuery)["dry_run"]
        order = order_of(self.body(OrderInput))
        task_require_editable(task=task, user=self.person, role=self.known_role)
        if dry_run:
            return Response(dry_run_json(job_dry_run(task=task, order=order), algorithm=order.algorithm))
        done = job_submit(user=self.person, task=task, order=order, idempotency_key=idempotency_key(request))
        code = status.HTTP_201_CREATED if done.created else status.HTTP_200_OK
        answer = shown(job_get(job_id=done.job.pk), user=self.person, role=self.known_role)
        return Response(answer, status=code)


def order_of(body: dict[str, Any]) -> TrackOrder:
    body = {name: value for name, value in body.items() if name != "kind"}
    return TrackOrder(
        **{**body, "instances": tuple(body["instances"]), "direction": Direction(body["direction"])}
    )


def dry_run_json(plan: TrackPlan, *, algorithm: str) -> dict[str, Any]:
    """What the order comes to. No job ever touches a protected label, so that number is 0."""
    return {
        "frames": plan.frames,
        "objects": [
            {"instance": planned.instance_id, "seed_frame": planned.seed_frame} for planned in plan.objects
        ],
        "warnings": list(plan.warnings),
        "protected_touched": 0,
        "seconds": seconds_for(algorithm=algorithm, object_frames=plan.frames * len(plan.objects)),
    }


def idempotency_key(request: Request) -> str | None:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > KEY_MAX or not key.isprintable():
        raise LabelyardError(
            "invalid_idempotency_key", f"An idempotency key has at most {KEY_MAX} printable characters."
        )
    return key or None

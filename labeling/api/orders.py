"""Ordering jobs on a task, with a dry run before."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    PolymorphicProxySerializer,
    extend_schema,
    inline_serializer,
)
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.access import task_require_editable
from labeling.api.jobs import JobDetailSerializer, JobSerializer, job_page, shown
from labeling.api.order_inputs import ORDER, ChangesInput, changes_of, input_of, order_of
from labeling.api.pages import PageQuery, page_of
from labeling.api.views import ApiView, Input
from labeling.errors import LabelyardError
from labeling.models import Task
from labeling.selectors.jobs import job_get, job_list, seconds_for
from labeling.selectors.tasks import task_get
from labeling.selectors.workers import offered_now
from labeling.services.algorithms import Algorithm
from labeling.services.detection import DetectPlan
from labeling.services.job_rows import Plan
from labeling.services.jobs import job_dry_run, job_submit
from labeling.services.jobs_again import order_again
from labeling.services.orders import Order

KEY_MAX = 200
KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Repeating an order under the same key answers 200 with the job that is there.",
)


class OrderQuery(Input):
    dry_run = serializers.BooleanField(default=False, help_text="Only say what the order comes to.")


class TaskJobsQuery(PageQuery):
    mine = serializers.BooleanField(default=False, help_text="Only those that one ordered oneself.")


DRY_RUN = inline_serializer(
    name="DryRun",
    fields={
        "frames": serializers.IntegerField(
            help_text=(
                "Tracking: pictures from the earliest seed on. Interpolation: labels to make. "
                "Detection: pictures to look at."
            )
        ),
        "frames_before": serializers.IntegerField(
            help_text="Of the pictures, those before the range: tracked through, and not written."
        ),
        "objects": inline_serializer(
            name="DryRunObject",
            fields={
                "instance": serializers.IntegerField(),
                "seed_frame": serializers.IntegerField(allow_null=True, help_text="Null: interpolation."),
                "frames": serializers.IntegerField(),
            },
            many=True,
        ),
        "warnings": serializers.ListField(child=serializers.CharField()),
        "protected_touched": serializers.IntegerField(),
        "waiting_for_worker": serializers.BooleanField(help_text="No live worker could take it now."),
        "seconds": serializers.ListField(
            child=serializers.FloatField(), allow_null=True, help_text="From, to; null when not known."
        ),
        "detector": serializers.CharField(allow_null=True, help_text="Null: nothing is detected."),
        "classes": inline_serializer(
            name="DryRunClass",
            fields={
                "object_class": serializers.IntegerField(),
                "name": serializers.CharField(),
                "words": serializers.CharField(help_text="Empty where the detector reads none."),
                "examples": serializers.ListField(child=serializers.DictField()),
                "threshold": serializers.FloatField(allow_null=True),
                "most": serializers.IntegerField(),
            },
            many=True,
        ),
    },
)

REPEATED_OR_DRY_RUN = PolymorphicProxySerializer(
    component_name="RepeatedOrDryRun",
    serializers=[JobDetailSerializer, DRY_RUN],
    resource_type_field_name=None,
)


class OrderingView(ApiView):
    """What routes share that take orders."""

    def ordered(self, request: Request, task: Task, order: Order) -> Response:
        """Queue the order, or say what it comes to."""
        task_require_editable(task=task, user=self.person, role=self.known_role)
        if self.query(OrderQuery)["dry_run"]:
            return Response(dry_run_json(*job_dry_run(task=task, order=order)))
        done = job_submit(user=self.person, task=task, order=order, idempotency_key=idempotency_key(request))
        code = status.HTTP_201_CREATED if done.created else status.HTTP_200_OK
        answer = shown(job_get(job_id=done.job.pk), user=self.person, role=self.known_role)
        return Response(answer, status=code)


class TaskJobsView(OrderingView):
    """The jobs of a task."""

    @extend_schema(
        parameters=[TaskJobsQuery],
        operation_id="tasks_jobs_list",
        responses=page_of(JobSerializer),
        tags=["jobs"],
    )
    def get(self, request: Request, task_id: int) -> Response:
        """List the jobs, newest first."""
        task = task_get(task_id=task_id)
        query = self.query(TaskJobsQuery)
        author = self.person if query["mine"] else None
        return job_page(job_list(project_id=task.project_id, task_id=task_id, author=author), query)

    @extend_schema(
        parameters=[OrderQuery, KEY],
        request=ORDER,
        responses={201: JobDetailSerializer, 200: REPEATED_OR_DRY_RUN},
        tags=["jobs"],
    )
    def post(self, request: Request, task_id: int) -> Response:
        """Queue a job. With ``dry_run`` nothing is stored: the answer says what would run."""
        return self.ordered(request, task_get(task_id=task_id), order_of(self.body(input_of(request.data))))


class JobAgainView(OrderingView):
    """A job once more."""

    @extend_schema(
        parameters=[OrderQuery, KEY],
        request=ChangesInput,
        responses={201: JobDetailSerializer, 200: REPEATED_OR_DRY_RUN},
        tags=["jobs"],
    )
    def post(self, request: Request, job_id: int) -> Response:
        """Queue what the job was ordered to do once more, on the same task, with the changes of the body.

        With ``dry_run`` nothing is stored: the answer says what would run.
        """
        job = job_get(job_id=job_id)
        order = order_again(job=job, changes=changes_of(self.body(ChangesInput)))
        return self.ordered(request, task_get(task_id=job.task_id), order)


def dry_run_json(algorithm: Algorithm, plan: Plan) -> dict[str, Any]:
    """What the order comes to. No job ever touches a protected label, so that number is 0."""
    detecting = plan if isinstance(plan, DetectPlan) else None
    return {
        "frames": plan.frames,
        "frames_before": plan.frames_before,
        "objects": [
            {"instance": one.instance_id, "seed_frame": one.seed_frame, "frames": one.frames}
            for one in plan.objects
        ],
        "warnings": list(plan.warnings),
        "protected_touched": 0,
        "waiting_for_worker": (algorithm.capability.value, algorithm.name) not in offered_now(),
        "seconds": seconds_for(algorithm=algorithm.name, object_frames=plan.cost),
        "detector": detecting.detector.name if detecting else None,
        "classes": [asdict(one) for one in detecting.classes] if detecting else [],
    }


def idempotency_key(request: Request) -> str | None:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > KEY_MAX or not key.isprintable():
        raise LabelyardError(
            "invalid_idempotency_key", f"An idempotency key has at most {KEY_MAX} printable characters."
        )
    return key or None

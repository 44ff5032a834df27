"""``jobs/`` as they are read: lists, one with its parts, its events."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.access import job_require_steerable
from labeling.api.pages import PageQuery, page, page_of
from labeling.api.people import PersonSerializer
from labeling.api.views import ApiView, ReferenceField
from labeling.errors import LabelyardError
from labeling.models import Event, Job, JobKind, JobState, Part, Role, User
from labeling.selectors.forecast import Forecast, forecasts
from labeling.selectors.jobs import (
    claimed_instances,
    job_event_list,
    job_get,
    job_list,
    part_list,
    queue_position,
)
from labeling.selectors.workers import jobs_without_worker
from labeling.services.job_notes import job_warnings


class FailureSerializer(serializers.Serializer[object]):
    """A frame or an instance that failed while the rest went on."""

    frame = serializers.IntegerField(allow_null=True, required=False)
    instance = serializers.IntegerField(allow_null=True, required=False)
    sentence = serializers.CharField()


class PartSerializer(serializers.ModelSerializer[Part]):
    """The piece of a job that one worker takes. ``position``: the last frame that is committed."""

    failures = FailureSerializer(many=True)

    class Meta:
        model = Part
        fields = (
            "number", "state", "capability", "frames_done", "frames_total", "position", "attempts", "holder",
            "error_code", "error", "failures", "started_at", "finished_at",
        )  # fmt: skip


class JobSerializer(serializers.ModelSerializer[Job]):
    """A job. Frames are counted over its parts; ``waiting_for_worker``: nobody alive can take it."""

    task_title = serializers.CharField(source="task.title")
    created_by = PersonSerializer(allow_null=True)
    reverted_by = PersonSerializer(allow_null=True)
    warnings = serializers.SerializerMethodField()
    parameters = serializers.DictField()
    tally = serializers.DictField(child=serializers.IntegerField())
    waiting_for_worker = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = (
            "id", "uid", "project", "task", "task_title", "kind", "algorithm", "state", "direction",
            "first_frame", "last_frame", "priority", "parameters", "warnings", "frames_total", "frames_done",
            "labels_written", "worker_seconds", "gpu_seconds", "tally",
            "model_version", "error_code", "error", "cancel_keeps", "reverted_at",
            "reverted_by", "created_by", "created_at", "started_at", "finished_at", "waiting_for_worker",
        )  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_warnings(self, job: Job) -> list[str]:
        return job_warnings(job)

    def get_waiting_for_worker(self, job: Job) -> bool:
        return job.pk in self.context["waiting"]


class JobDetailSerializer(JobSerializer):
    """A job with its parts. ``queue_position`` is null when no part of it waits.

    ``seconds_left``: from, to, judged by parts done lately; null when it is not known.
    """

    instances = serializers.ListField(child=serializers.IntegerField())
    parts = PartSerializer(many=True, source="part_rows")
    queue_position = serializers.IntegerField(allow_null=True)
    seconds_left = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    may_steer = serializers.BooleanField()

    class Meta(JobSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *JobSerializer.Meta.fields, "instances", "parts", "queue_position", "seconds_left",
            "may_steer",
        )  # fmt: skip


class JobQuery(PageQuery):
    state = serializers.ChoiceField(choices=JobState.choices, required=False)
    task = ReferenceField(required=False)
    kind = serializers.ChoiceField(choices=JobKind.choices, required=False)


class JobEventSerializer(serializers.ModelSerializer[Event]):
    """What happened to the job, numbered from 1."""

    payload = serializers.DictField()

    class Meta:
        model = Event
        fields = ("number", "kind", "payload", "at")


def shown(job: Job, *, user: User, role: Role) -> Any:
    """The job with its parts as this person sees it."""
    facts = {
        "part_rows": list(part_list(job=job)),
        "instances": claimed_instances(job=job),
        "queue_position": queue_position(job=job),
        "seconds_left": forecasts([job.pk]).get(job.pk, Forecast()).seconds,
        "may_steer": may_steer(job, user=user, role=role),
    }
    for name, value in facts.items():
        setattr(job, name, value)
    return JobDetailSerializer(job, context={"waiting": jobs_without_worker([job.pk])}).data


def may_steer(job: Job, *, user: User, role: Role) -> bool:
    try:
        job_require_steerable(job=job, user=user, role=role)
    except LabelyardError:
        return False
    return True


class ProjectJobsView(ApiView):
    """The jobs of a project."""

    @extend_schema(
        parameters=[JobQuery],
        operation_id="projects_jobs_list",
        responses=page_of(JobSerializer),
        tags=["jobs"],
    )
    def get(self, request: Request, project_id: int) -> Response:
        """List the jobs, newest first, narrowed by state, task and kind."""
        query = self.query(JobQuery)
        rows = job_list(
            project_id=project_id,
            state=query.get("state"),
            task_id=query.get("task"),
            kind=query.get("kind"),
        )
        return job_page(rows, query)


def job_page(rows: QuerySet[Job], query: dict[str, Any]) -> Response:
    return page(rows, query=query, serializer=JobSerializer, newest_first=True, context=waiting_of)


def waiting_of(jobs: list[Job]) -> dict[str, Any]:
    """What the serializer of a page of jobs has to know."""
    return {"waiting": jobs_without_worker([job.pk for job in jobs])}


class JobView(ApiView):
    """One job."""

    @extend_schema(responses=JobDetailSerializer, tags=["jobs"])
    def get(self, request: Request, job_id: int) -> Response:
        """Everything about the job: state, progress, parts, errors, place in the queue."""
        return Response(shown(job_get(job_id=job_id), user=self.person, role=self.known_role))


class JobEventsView(ApiView):
    """The history of one job."""

    @extend_schema(
        parameters=[PageQuery],
        operation_id="jobs_events_list",
        responses=page_of(JobEventSerializer),
        tags=["jobs"],
    )
    def get(self, request: Request, job_id: int) -> Response:
        """What happened to the job, in order."""
        rows = job_event_list(job=job_get(job_id=job_id))
        return page(rows, query=self.query(PageQuery), serializer=JobEventSerializer)

"""What is done to jobs that were ordered: pause, resume, cancel, retry, revert, redo."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.access import job_require_steerable
from labeling.api.jobs import JobDetailSerializer, shown
from labeling.api.views import ApiView, Input
from labeling.models import Job
from labeling.selectors.jobs import job_get
from labeling.services.job_states import job_cancel, job_pause, job_resume, job_retry
from labeling.services.runs import job_redo, job_revert


class CancelInput(Input):
    keep = serializers.BooleanField(help_text="What becomes of the labels that the job wrote.")


class RetryInput(Input):
    backend = serializers.DictField(
        required=False, help_text="Parameters of the algorithm that change from here on, as in an order."
    )


def outcome_of(name: str, **counts: str) -> serializers.Serializer[Any]:
    """The schema of what reverting or redoing came to."""
    fields: dict[str, Any] = {
        count: serializers.IntegerField(help_text=meaning) for count, meaning in counts.items()
    }
    return inline_serializer(name=name, fields={**fields, "job": JobDetailSerializer()})


class SteeringView(ApiView):
    """What the verbs share."""

    def steered(self, job_id: int) -> Job:
        """The job, if this person may steer it."""
        job = job_get(job_id=job_id)
        job_require_steerable(job=job, user=self.person, role=self.known_role)
        return job

    def json(self, job_id: int) -> Any:
        """The job as it is now."""
        return shown(job_get(job_id=job_id), user=self.person, role=self.known_role)


class JobPauseView(SteeringView):
    @extend_schema(request=None, responses=JobDetailSerializer, tags=["jobs"])
    def post(self, request: Request, job_id: int) -> Response:
        """Hold what is queued back; what runs stops at its next commit."""
        job_pause(job=self.steered(job_id))
        return Response(self.json(job_id))


class JobResumeView(SteeringView):
    @extend_schema(request=None, responses=JobDetailSerializer, tags=["jobs"])
    def post(self, request: Request, job_id: int) -> Response:
        """Go on with a paused job."""
        job_resume(job=self.steered(job_id))
        return Response(self.json(job_id))


class JobCancelView(SteeringView):
    @extend_schema(request=CancelInput, responses=JobDetailSerializer, tags=["jobs"])
    def post(self, request: Request, job_id: int) -> Response:
        """Stop the job, and keep or discard what it wrote."""
        keep = self.body(CancelInput)["keep"]
        job_cancel(job=self.steered(job_id), keep=keep)
        return Response(self.json(job_id))


class JobRetryView(SteeringView):
    @extend_schema(request=RetryInput, responses=JobDetailSerializer, tags=["jobs"])
    def post(self, request: Request, job_id: int) -> Response:
        """Queue the failed parts again, with other parameters of the algorithm when some are given."""
        job = self.steered(job_id)
        job_retry(job=job, backend=self.body(RetryInput).get("backend"))
        return Response(self.json(job_id))


class JobRevertView(SteeringView):
    @extend_schema(
        request=None,
        responses=outcome_of(
            "Reverted",
            removed="Labels taken back.",
            kept="Touched since, and kept.",
            kept_own="Of those kept, the ones that this person touched last.",
            instances="Objects that the run made, taken back.",
            instances_kept="Objects that the run made, and somebody touched.",
        ),
        tags=["jobs"],
    )
    def post(self, request: Request, job_id: int) -> Response:
        """Take back what the job wrote, and restore what it replaced. What people touched since stays."""
        outcome = job_revert(job=self.steered(job_id), user=self.person)
        return Response({**asdict(outcome), "job": self.json(job_id)})


class JobRedoView(SteeringView):
    @extend_schema(
        request=None,
        responses=outcome_of(
            "Redone",
            written="Labels brought back.",
            kept="Places touched since.",
            kept_own="Of those, the ones that this person touched last.",
            instances="Objects that the run made, brought back.",
            instances_kept="Objects whose place was taken since.",
        ),
        tags=["jobs"],
    )
    def post(self, request: Request, job_id: int) -> Response:
        """Bring a reverted job's labels back without running it again."""
        outcome = job_redo(job=self.steered(job_id), user=self.person)
        told = asdict(outcome)
        return Response({"written": told.pop("removed"), **told, "job": self.json(job_id)})

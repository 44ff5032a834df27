"""What is done to whole batches: go on, pause, resume, cancel, retry, revert."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.batch_inputs import ResumeInput
from labeling.api.batches import BatchDetailSerializer, batch_shown
from labeling.api.steering import CancelInput
from labeling.api.views import ApiView
from labeling.selectors.batches import batch_get
from labeling.services.batches.steering import (
    batch_cancel,
    batch_go_on,
    batch_pause,
    batch_resume,
    batch_retry,
    batch_revert,
)

ACCEPTED = {202: BatchDetailSerializer}


def accepted(batch_id: int) -> Response:
    """The batch as it is now; its jobs follow."""
    return Response(batch_shown(batch_id), status=status.HTTP_202_ACCEPTED)


class BatchGoOnView(ApiView):
    @extend_schema(request=None, responses=ACCEPTED, tags=["batches"])
    def post(self, request: Request, batch_id: int) -> Response:
        """Queue the rest after the sample."""
        batch_go_on(batch=batch_get(batch_id=batch_id))
        return accepted(batch_id)


class BatchPauseView(ApiView):
    @extend_schema(request=None, responses=ACCEPTED, tags=["batches"])
    def post(self, request: Request, batch_id: int) -> Response:
        """Queue nothing more, and pause its jobs."""
        batch_pause(batch=batch_get(batch_id=batch_id))
        return accepted(batch_id)


class BatchResumeView(ApiView):
    @extend_schema(request=ResumeInput, responses=ACCEPTED, tags=["batches"])
    def post(self, request: Request, batch_id: int) -> Response:
        """Go on with a paused batch, with a new budget if one is given."""
        batch_resume(batch=batch_get(batch_id=batch_id), **self.body(ResumeInput))
        return accepted(batch_id)


class BatchCancelView(ApiView):
    @extend_schema(request=CancelInput, responses=ACCEPTED, tags=["batches"])
    def post(self, request: Request, batch_id: int) -> Response:
        """Stop all of it, and keep or discard what its jobs wrote."""
        keep = self.body(CancelInput)["keep"]
        batch_cancel(batch=batch_get(batch_id=batch_id), keep=keep)
        return accepted(batch_id)


class BatchRetryView(ApiView):
    @extend_schema(request=None, responses=ACCEPTED, tags=["batches"])
    def post(self, request: Request, batch_id: int) -> Response:
        """Queue the failed parts of all its jobs again."""
        batch_retry(batch=batch_get(batch_id=batch_id))
        return accepted(batch_id)


class BatchRevertView(ApiView):
    @extend_schema(request=None, responses=ACCEPTED, tags=["batches"])
    def post(self, request: Request, batch_id: int) -> Response:
        """Take back what its jobs wrote, once it has ended. What people touched since stays."""
        batch_revert(batch=batch_get(batch_id=batch_id), user=self.person)
        return accepted(batch_id)

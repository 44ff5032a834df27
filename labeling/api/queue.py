"""``jobs/`` over all projects of a person, one thing asked of many of them, and filters kept by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.jobs import JobSerializer, job_page
from labeling.api.orders import OrderQuery
from labeling.api.pages import PageQuery, page, page_of
from labeling.api.views import ApiView, Input, ReferenceField
from labeling.models import BulkAction, BulkVerb, Job, JobKind, JobState, SavedFilter
from labeling.selectors.bulk_actions import bulk_get, bulk_list
from labeling.selectors.job_filter import GROUPS, JobFilter
from labeling.services.bulk_actions import bulk_ask, bulk_reach
from labeling.services.bulk_notes import bulk_said
from labeling.services.saved_filters import saved_filter_forget, saved_filter_keep

JOBS_MAX = 10_000


class JobFilterFields(serializers.Serializer[Any]):
    """Which jobs, among those of one's projects. None of it means all."""

    project = ReferenceField(required=False)
    state = serializers.ChoiceField(
        choices=[*GROUPS, *(state for state in JobState.values if state not in GROUPS)],
        required=False,
        help_text="“active” has not ended; “failed” did so in whole or in part.",
    )
    kind = serializers.ChoiceField(choices=JobKind.choices, required=False)
    author = ReferenceField(required=False, help_text="A user's id.")
    batch = ReferenceField(required=False)
    task = ReferenceField(required=False)
    search = serializers.CharField(max_length=200, required=False, help_text="Part of the task's title.")


class QueueQuery(JobFilterFields, PageQuery):
    """A page of the jobs that are meant."""


class JobFilterInput(JobFilterFields, Input):
    ids = serializers.ListField(
        child=ReferenceField(), required=False, allow_empty=False, max_length=JOBS_MAX, help_text="These."
    )


class BulkActionInput(Input):
    verb = serializers.ChoiceField(choices=BulkVerb.choices)
    keep = serializers.BooleanField(
        required=False, allow_null=True, help_text="Of cancelling: what becomes of labels written so far."
    )
    jobs = JobFilterInput(help_text="An empty one means all jobs of one's projects.")


class BulkActionSerializer(serializers.ModelSerializer[BulkAction]):
    """``total`` could be done when it was asked; ``said`` is what came of it so far."""

    outcome = serializers.DictField(child=serializers.IntegerField())
    said = serializers.SerializerMethodField()

    class Meta:
        model = BulkAction
        fields = ("id", "verb", "cancel_keeps", "total", "outcome", "said", "created_at", "finished_at")

    def get_said(self, action: BulkAction) -> str:
        return bulk_said(action)


class SavedFilterSerializer(serializers.ModelSerializer[SavedFilter]):
    """``query``: the part of the queue's address after its question mark."""

    class Meta:
        model = SavedFilter
        fields = ("id", "name", "query")


class SavedFilterInput(Input):
    name = serializers.CharField(max_length=60)
    query = serializers.CharField(max_length=500, allow_blank=True)


REACH = inline_serializer(
    name="BulkReach",
    fields={
        "matching": serializers.IntegerField(),
        "able": serializers.IntegerField(help_text="To so many it would be done."),
        "unfit": serializers.IntegerField(help_text="The state of so many does not allow it."),
        "foreign": serializers.IntegerField(help_text="So many are not yours to steer."),
    },
)


def job_filter_of(told: Mapping[str, Any]) -> JobFilter:
    """Return the filter that a checked body or query is."""
    names = ("project", "state", "kind", "author", "batch", "task", "search")
    return JobFilter(**{name: told[name] for name in names if name in told}, ids=tuple(told.get("ids", ())))


class JobsView(ApiView):
    """The queue over all projects."""

    @extend_schema(
        parameters=[QueueQuery], operation_id="jobs_list", responses=page_of(JobSerializer), tags=["jobs"]
    )
    def get(self, request: Request) -> Response:
        """List the jobs of one's projects, newest first."""
        query = self.query(QueueQuery)
        rows = Job.objects.select_related("task", "created_by", "reverted_by")
        return job_page(job_filter_of(query).narrow(rows, user=self.person), query)


class BulkActionsView(ApiView):
    """One thing asked of many jobs."""

    @extend_schema(
        parameters=[PageQuery],
        operation_id="jobs_actions_list",
        responses=page_of(BulkActionSerializer),
        tags=["jobs"],
    )
    def get(self, request: Request) -> Response:
        """What one has asked of many jobs, newest first."""
        rows = bulk_list(user=self.person)
        return page(rows, query=self.query(PageQuery), serializer=BulkActionSerializer, newest_first=True)

    @extend_schema(
        parameters=[OrderQuery],
        request=BulkActionInput,
        responses={200: REACH, 202: BulkActionSerializer},
        tags=["jobs"],
    )
    def post(self, request: Request) -> Response:
        """Do it to all that match now, behind the request; with ``dry_run`` only say to how many."""
        dry_run = self.query(OrderQuery)["dry_run"]
        body = self.body(BulkActionInput)
        verb, chosen = BulkVerb(body["verb"]), job_filter_of(body["jobs"])
        if dry_run:
            return Response(vars(bulk_reach(user=self.person, verb=verb, chosen=chosen)))
        action = bulk_ask(user=self.person, verb=verb, chosen=chosen, keep=body.get("keep"))
        return Response(BulkActionSerializer(action).data, status=status.HTTP_202_ACCEPTED)


class BulkActionView(ApiView):
    """One of them."""

    @extend_schema(responses=BulkActionSerializer, tags=["jobs"])
    def get(self, request: Request, action_id: int) -> Response:
        """How far it is, and what came of it."""
        return Response(BulkActionSerializer(bulk_get(user=self.person, action_id=action_id)).data)


class MyFiltersView(ApiView):
    """Filters of the queue that one keeps."""

    @extend_schema(
        parameters=[PageQuery],
        operation_id="me_filters_list",
        responses=page_of(SavedFilterSerializer),
        tags=["me"],
    )
    def get(self, request: Request) -> Response:
        """One's own filters."""
        rows = SavedFilter.objects.filter(user=self.person)
        return page(rows, query=self.query(PageQuery), serializer=SavedFilterSerializer)

    @extend_schema(request=SavedFilterInput, responses={201: SavedFilterSerializer}, tags=["me"])
    def post(self, request: Request) -> Response:
        """Keep a filter under a name, in place of one of that name."""
        kept = saved_filter_keep(user=self.person, **self.body(SavedFilterInput))
        return Response(SavedFilterSerializer(kept).data, status=status.HTTP_201_CREATED)


class MyFilterView(ApiView):
    """One of them."""

    @extend_schema(responses={204: None}, tags=["me"])
    def delete(self, request: Request, filter_id: int) -> Response:
        """Forget it."""
        saved_filter_forget(user=self.person, filter_id=filter_id)
        return Response(status=status.HTTP_204_NO_CONTENT)

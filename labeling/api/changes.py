"""``changes/``: what changed in a task since a page looked; ``reviews/``: what reviewers said."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.pages import PageQuery, page, page_of
from labeling.api.people import PersonSerializer
from labeling.api.views import ApiView, FrameField, Input, ReferenceField
from labeling.models import Decision, ReviewDecision, TaskChange
from labeling.selectors.labels import changes_since
from labeling.selectors.tasks import decision_list, instance_of_task, task_get
from labeling.services.reviews import CLEARED, review_decide


class ChangeSerializer(serializers.ModelSerializer[TaskChange]):
    """Which instances changed over which frames, inclusive. A job's own changes name it."""

    instances = serializers.ListField(child=serializers.IntegerField())

    class Meta:
        model = TaskChange
        fields = ("seq", "kind", "instances", "first_frame", "last_frame", "author", "job", "at")


class ChangeQuery(Input):
    since = serializers.IntegerField(min_value=0, max_value=2**63 - 1, default=0)


class ReviewSerializer(serializers.ModelSerializer[ReviewDecision]):
    """A decision on an instance over a range of frames, inclusive."""

    author = PersonSerializer(allow_null=True)

    class Meta:
        model = ReviewDecision
        fields = ("id", "instance", "first_frame", "last_frame", "decision", "reason", "seq", "author", "at")


class ReviewInput(Input):
    instance = ReferenceField()
    first_frame = FrameField(required=False, help_text="Default: the task's first frame.")
    last_frame = FrameField(required=False, help_text="Default: the task's last frame.")
    decision = serializers.ChoiceField(choices=[*Decision.values, CLEARED])
    reason = serializers.CharField(max_length=500, default="", allow_blank=True)


class TaskChangesView(ApiView):
    """The change feed of a task."""

    @extend_schema(
        parameters=[ChangeQuery],
        responses=inline_serializer(
            name="ChangeList",
            fields={"changes": ChangeSerializer(many=True), "seq": serializers.IntegerField()},
        ),
        tags=["changes"],
    )
    def get(self, request: Request, task_id: int) -> Response:
        """Changes after ``since``, at most 1,000. Ask again from ``seq``."""
        since = self.query(ChangeQuery)["since"]
        changes = changes_since(task_get(task_id=task_id), since)
        seq = changes[-1].seq if changes else since
        return Response({"changes": ChangeSerializer(changes, many=True).data, "seq": seq})


class TaskReviewsView(ApiView):
    """The decisions of reviewers on a task."""

    @extend_schema(
        parameters=[PageQuery],
        operation_id="tasks_reviews_list",
        responses=page_of(ReviewSerializer),
        tags=["reviews"],
    )
    def get(self, request: Request, task_id: int) -> Response:
        """List the decisions that hold."""
        rows = decision_list(task=task_get(task_id=task_id))
        return page(rows, query=self.query(PageQuery), serializer=ReviewSerializer)

    @extend_schema(
        request=ReviewInput,
        responses={
            201: inline_serializer(
                name="ReviewList",
                fields={"results": ReviewSerializer(many=True), "seq": serializers.IntegerField()},
            )
        },
        tags=["reviews"],
    )
    def post(self, request: Request, task_id: int) -> Response:
        """Accept or reject an object over a range, or clear what was said. Answers what holds for it now."""
        body = self.body(ReviewInput)
        task = task_get(task_id=task_id)
        instance = instance_of_task(task=task, instance_id=body.pop("instance"))
        review_decide(user=self.person, instance=instance, **body)
        rows = decision_list(task=task).filter(instance=instance).order_by("first_frame")
        task.refresh_from_db(fields=["seq"])
        answer = {"results": ReviewSerializer(rows, many=True).data, "seq": task.seq}
        return Response(answer, status=status.HTTP_201_CREATED)

"""``comments/``: what people say about a task, pinned to where it belongs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.pages import PageQuery, page, page_of
from labeling.api.people import PersonSerializer
from labeling.api.views import ApiView, FrameField, Input, ReferenceField
from labeling.models import Comment, CommentKind
from labeling.selectors.comments import comment_get, comment_list, mentioned_people
from labeling.selectors.tasks import instance_of_task, task_get
from labeling.services.comments import comment_change, comment_delete, comment_make
from labeling.services.pins import Pin

TEXT_MAX = 4000
PINS = [kind for kind in CommentKind.values if kind != CommentKind.REPLY]


class CommentSerializer(serializers.ModelSerializer[Comment]):
    """A comment, or a reply to one (``parent``). ``instance`` is null when its object is gone."""

    instance = serializers.IntegerField(allow_null=True)  # type: ignore[assignment]  # a field's name
    mentions = serializers.SerializerMethodField()
    author = PersonSerializer(allow_null=True)
    resolved_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Comment
        fields = (
            "id", "task", "parent", "kind", "frame", "last_frame", "x", "y", "instance", "object_hash",
            "text", "mentions", "author", "created_at", "edited_at", "resolved_at", "resolved_by",
        )  # fmt: skip

    @extend_schema_field(PersonSerializer(many=True))
    def get_mentions(self, comment: Comment) -> list[dict[str, Any]]:
        names: dict[int, str] = self.context["names"]
        return [{"id": one, "username": names[one]} for one in comment.mentions if one in names]


class CommentQuery(PageQuery):
    resolved = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Only threads that are (not) resolved."
    )


class CommentInput(Input):
    """``frame`` and ``last_frame`` are inclusive, ``x`` and ``y`` pixels. A reply has no pin of its own."""

    text = serializers.CharField(max_length=TEXT_MAX)
    kind = serializers.ChoiceField(choices=PINS, required=False, help_text="Default: task.")
    frame = FrameField(required=False, allow_null=True)
    last_frame = FrameField(required=False, allow_null=True)
    x = serializers.FloatField(required=False, allow_null=True)
    y = serializers.FloatField(required=False, allow_null=True)
    instance = ReferenceField(required=False, allow_null=True)
    parent = ReferenceField(  # type: ignore[assignment]  # a field's name
        required=False, allow_null=True, help_text="The comment that is replied to."
    )


class CommentChanges(Input):
    text = serializers.CharField(max_length=TEXT_MAX, required=False)
    resolved = serializers.BooleanField(required=False)


class TaskCommentsView(ApiView):
    """The comments of a task."""

    @extend_schema(
        parameters=[CommentQuery],
        operation_id="tasks_comments_list",
        responses=page_of(CommentSerializer),
        tags=["comments"],
    )
    def get(self, request: Request, task_id: int) -> Response:
        """List the comments and their replies, oldest first."""
        query = self.query(CommentQuery)
        rows = comment_list(task_id=task_id, resolved=query["resolved"])
        return page(rows, query=query, serializer=CommentSerializer, context=names_of)

    @extend_schema(request=CommentInput, responses={201: CommentSerializer}, tags=["comments"])
    def post(self, request: Request, task_id: int) -> Response:
        """Comment on the task, a frame, a point, a range or an object; or reply to a comment.

        ``@username`` of members mentions them.
        """
        body = self.body(CommentInput)
        task = task_get(task_id=task_id)
        text, parent = body.pop("text"), body.pop("parent", None)
        instance = body.pop("instance", None)
        if instance is not None:
            body["instance"] = instance_of_task(task=task, instance_id=instance)
        if "kind" in body:
            body["kind"] = CommentKind(body["kind"])
        comment = comment_make(user=self.person, task=task, text=text, pin=Pin(**body), parent_id=parent)
        return Response(shown(comment.pk), status=status.HTTP_201_CREATED)


class CommentView(ApiView):
    """One comment."""

    @extend_schema(responses=CommentSerializer, tags=["comments"])
    def get(self, request: Request, comment_id: int) -> Response:
        """The comment as it is now."""
        return Response(shown(comment_id))

    @extend_schema(request=CommentChanges, responses=CommentSerializer, tags=["comments"])
    def patch(self, request: Request, comment_id: int) -> Response:
        """Edit its text (one's own, managers anybody's); resolve or reopen its thread."""
        comment_change(
            user=self.person, comment=comment_get(comment_id=comment_id), **self.body(CommentChanges)
        )
        return Response(shown(comment_id))

    @extend_schema(responses={204: None}, tags=["comments"])
    def delete(self, request: Request, comment_id: int) -> Response:
        """Delete it: one's own, unless others replied; managers anybody's, with the replies."""
        comment_delete(user=self.person, comment=comment_get(comment_id=comment_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


def names_of(comments: Sequence[Comment]) -> dict[str, Any]:
    return {"names": mentioned_people(comments)}


def shown(comment_id: int) -> Any:
    comment = comment_get(comment_id=comment_id)
    return CommentSerializer(comment, context=names_of([comment])).data

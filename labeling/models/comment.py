"""What people say about a task, pinned to where it belongs."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import F, Q

from labeling.models.task import Task


class CommentKind(models.TextChoices):
    """To what a comment is pinned. A reply belongs to its parent."""

    TASK = "task", "The task"
    FRAME = "frame", "A frame"
    POINT = "point", "A point of a frame"
    RANGE = "range", "A range of frames"
    INSTANCE = "instance", "An object"
    REPLY = "reply", "A reply"


NO_PIN = Q(frame__isnull=True, last_frame__isnull=True, x__isnull=True, y__isnull=True, object_hash="")
NO_POINT = Q(x__isnull=True, y__isnull=True)


def pin_of(kind: CommentKind) -> Q:
    """The condition under which the pin of a comment fits its kind."""
    fits = {
        CommentKind.TASK: NO_PIN,
        CommentKind.REPLY: NO_PIN,
        CommentKind.FRAME: Q(frame__isnull=False, last_frame__isnull=True, object_hash="") & NO_POINT,
        CommentKind.POINT: Q(frame__isnull=False, last_frame__isnull=True, x__isnull=False, y__isnull=False),
        CommentKind.RANGE: Q(frame__isnull=False, last_frame__isnull=False, last_frame__gte=F("frame"))
        & NO_POINT,
        CommentKind.INSTANCE: Q(last_frame__isnull=True) & ~Q(object_hash="") & NO_POINT,
    }
    return Q(kind=kind) & fits[kind]


class Comment(models.Model):
    """A remark, or a reply to one: threads have one level, and are resolved as a whole.

    ``frame`` (to ``last_frame``, inclusive) are ordinals, ``x`` and ``y`` pixels of the displayed
    frame. An object is named by its hash and not by a reference, so that a remark about it outlives
    its deletion, and finds it again when that is undone. ``mentions`` are ids of users, found when
    the text was written.
    """

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies"
    )
    kind = models.CharField(max_length=8, choices=CommentKind.choices)
    frame = models.PositiveIntegerField(null=True, blank=True)
    last_frame = models.PositiveIntegerField(null=True, blank=True)
    x = models.FloatField(null=True, blank=True)
    y = models.FloatField(null=True, blank=True)
    object_hash = models.CharField(max_length=8, blank=True, default="")
    text = models.TextField()
    mentions = models.JSONField(default=list, blank=True)
    author = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        "labeling.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=reduce(or_, (pin_of(kind) for kind in CommentKind)), name="comment_pin_fits_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind=CommentKind.REPLY, parent__isnull=False, resolved_at__isnull=True)
                | (~Q(kind=CommentKind.REPLY) & Q(parent__isnull=True)),
                name="comment_reply_has_parent_and_is_not_resolved",
            ),
        ]
        indexes = [
            models.Index(
                fields=["task"],
                name="comment_open",
                condition=Q(parent__isnull=True, resolved_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} comment {self.id} of task {self.task_id}"

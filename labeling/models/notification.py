"""What concerns one person: told to them until they have read it."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q

from labeling.models.comment import Comment
from labeling.models.project import Project
from labeling.models.rule import Rule
from labeling.models.task import Task
from labeling.models.watch import Watch
from labeling.models.webhook import Webhook


class NotificationKind(models.TextChoices):
    ASSIGNED = "assigned", "Assigned to you"
    RETURNED = "returned", "Returned to you"
    MENTIONED = "mentioned", "Mentions you"
    REPLIED = "replied", "Replies to you"
    WEBHOOK = "webhook", "A webhook was paused"
    GAVE_UP = "gave_up", "An agent gave up"
    RULE = "rule", "A rule was paused"
    WATCH = "watch", "A watch was paused"


OF_TASK = (NotificationKind.ASSIGNED, NotificationKind.RETURNED, NotificationKind.GAVE_UP)
OF_COMMENT = (NotificationKind.MENTIONED, NotificationKind.REPLIED)
ABOUT = {
    NotificationKind.WEBHOOK: "webhook",
    NotificationKind.RULE: "rule",
    NotificationKind.WATCH: "watch",
}
"""What those that are about no task are about."""


def about(name: str) -> Q:
    """A row that is about this, and nothing else."""
    return Q(**{f"{one}__isnull": one != name for one in ("task", *ABOUT.values())})


class Notification(models.Model):
    """One thing that ``user`` is told about a task: what ``actor`` did, with the words they gave.

    Or about a webhook, a rule or a watch that they manage, with the reason why it goes on no more.
    ``comment`` is the one that mentions or replies. Who is no member of the project any more is not shown
    the row.
    """

    user = models.ForeignKey("labeling.User", on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=9, choices=NotificationKind.choices)
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    webhook = models.ForeignKey(Webhook, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(Rule, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    watch = models.ForeignKey(Watch, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    comment = models.ForeignKey(
        Comment, null=True, blank=True, on_delete=models.CASCADE, related_name="notifications"
    )
    actor = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[NotificationKind.MENTIONED, NotificationKind.REPLIED], comment__isnull=False
                )
                | (
                    ~Q(kind__in=[NotificationKind.MENTIONED, NotificationKind.REPLIED])
                    & Q(comment__isnull=True)
                ),
                name="notification_of_comment_has_it",
            ),
            models.CheckConstraint(
                condition=reduce(
                    or_,
                    (Q(kind=kind) & about(name) for kind, name in ABOUT.items()),
                    ~Q(kind__in=list(ABOUT)) & about("task"),
                ),
                name="notification_about_one_thing",
            ),
            models.UniqueConstraint(fields=["user", "comment"], name="notification_once_a_comment"),
        ]
        indexes = [
            models.Index(fields=["user"], name="notification_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.user_id}: task {self.task_id}"

    @property
    def project(self) -> Project | None:
        """The project that it is about, None for the whole installation."""
        thing = self.task or self.webhook or self.rule or self.watch
        return thing.project if thing else None

    @property
    def frame(self) -> int | None:
        """The frame of the comment's thread, None for what is about no frame."""
        if self.comment is None:
            return None
        return (self.comment.parent or self.comment).frame

    @property
    def text(self) -> str:
        """What was said."""
        return self.comment.text if self.comment else self.note

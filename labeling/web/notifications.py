"""What one is told: tasks assigned and returned, mentions and replies; marked read."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from labeling.models import Notification, NotificationKind
from labeling.selectors.notifications import notification_list, unread_count
from labeling.services.notifications import notifications_read
from labeling.web.guard import Visit, page
from labeling.web.turning import Leaf, leaf

DEEDS = {
    NotificationKind.ASSIGNED: "assigned you",
    NotificationKind.RETURNED: "sent back to you",
    NotificationKind.MENTIONED: "mentioned you in",
    NotificationKind.REPLIED: "replied to you in",
    NotificationKind.WEBHOOK: "paused the webhook",
    NotificationKind.GAVE_UP: "gave up on",
    NotificationKind.RULE: "paused the rule",
    NotificationKind.WATCH: "paused the watch",
}


@dataclass(frozen=True)
class NotificationFace:
    """A notification in words: ``who`` did ``deed`` with a task, and where that is to be seen."""

    row: Notification

    @property
    def who(self) -> str:
        if self.row.task is None:
            return "Labelyard"
        return self.row.actor.username if self.row.actor else "Somebody"

    @property
    def deed(self) -> str:
        return DEEDS[NotificationKind(self.row.kind)]

    @property
    def title(self) -> str:
        """What it is about."""
        if self.row.task is None:
            return str(self.row.webhook or self.row.rule or self.row.watch)
        return (
            self.row.task.title
            if self.row.frame is None
            else f"{self.row.task.title}, frame {self.row.frame}"
        )

    @property
    def address(self) -> str:
        """The webhook; or the task, at the frame and the comment that it is about."""
        row = self.row
        if row.webhook_id is not None:
            return reverse("webhook", args=[row.webhook_id])
        if row.rule_id is not None:
            return reverse("rule", args=[row.rule_id])
        if row.watch is not None:
            return reverse("connection", args=[row.watch.connection_id])
        frame = "" if row.frame is None else f"?frame={row.frame}"
        comment = f"#comment-{row.comment_id}" if row.comment_id else ""
        return f"{reverse('task', args=[row.task_id])}{frame}{comment}"


@page
def notifications(visit: Visit) -> HttpResponse:
    """The newest first; a POST marks those in ``read`` as read, or all up to ``up_to``."""
    if visit.request.method == "POST":
        return marked_read(visit)
    only_unread = visit.request.GET.get("unread") == "1"
    rows: Leaf[Notification] = leaf(
        notification_list(user=visit.user, unread=only_unread),
        cursor=visit.request.GET.get("cursor", ""),
        newest_first=True,
    )
    context = {
        "leaf": rows,
        "faces": [NotificationFace(row) for row in rows.rows],
        "newest": notification_list(user=visit.user).order_by("-pk").values_list("pk", flat=True).first(),
        "unread": unread_count(user=visit.user),
        "only_unread": only_unread,
        "place": "notifications",
    }
    return visit.answer("labelyard/notifications.html", context)


def marked_read(visit: Visit) -> HttpResponse:
    given = visit.request.POST
    ids = [int(one) for one in given.getlist("read") if is_id(one)]
    up_to = given.get("up_to", "")
    notifications_read(user=visit.user, ids=ids, up_to=int(up_to) if is_id(up_to) else None)
    address = reverse("notifications")
    return redirect(f"{address}?unread=1" if given.get("unread") == "1" else address)


def is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19

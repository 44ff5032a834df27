"""Webhooks: who is told of what happens, what was sent to them, and what they answered."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from labeling.models.event import Event
from labeling.models.job import Job
from labeling.models.lease import Leased
from labeling.models.project import Project


class WebhookState(models.TextChoices):
    """``active ⇄ paused`` (by people, or when it keeps failing), ``→ disabled`` when it answers 410.

    What happens while it is paused waits for it; a disabled one is not told of it at all.
    """

    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused"
    DISABLED = "disabled", "Disabled"


class WebhookFormat(models.TextChoices):
    STANDARD = "standard", "Standard Webhooks"
    ENCORD = "encord", "Encord"


class Webhook(Leased):
    """An address that is told of events of one project, or of the whole installation.

    One worker at a time sends to it, which keeps the order; it holds the lease. It has up to ``at_once``
    requests under way, those of a job one after another. ``from_position``: events up to it are none of
    its business. After failures in a row nothing is sent until ``resting_until``.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(
        Project, null=True, blank=True, on_delete=models.CASCADE, related_name="webhooks"
    )
    name = models.CharField(max_length=100)
    url = models.URLField(max_length=2000)
    kinds = models.JSONField(default=list)
    format = models.CharField(max_length=8, choices=WebhookFormat.choices, default=WebhookFormat.STANDARD)
    at_once = models.PositiveSmallIntegerField(default=8)
    state = models.CharField(max_length=8, choices=WebhookState.choices, default=WebhookState.ACTIVE)
    # Why it does not get anything now, in a sentence.
    state_reason = models.TextField(blank=True, default="")
    # Sealed (``labeling.sealing``): it has to sign.
    secret = models.TextField()
    secret_before = models.TextField(blank=True, default="")
    secret_before_until = models.DateTimeField(null=True, blank=True)
    from_position = models.BigIntegerField(default=0)
    failures_in_row = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    resting_until = models.DateTimeField(null=True, blank=True)
    # Its last answer took long: only so many of those keep a worker waiting at once.
    answers_slowly = models.BooleanField(default=False)
    # When it had its last turn: the one that had none for longest is next.
    served_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=WebhookState.values), name="webhook_state_known"),
            models.CheckConstraint(condition=Q(format__in=WebhookFormat.values), name="webhook_format_known"),
            models.CheckConstraint(condition=Q(at_once__range=(1, 16)), name="webhook_at_once_bounded"),
        ]

    def __str__(self) -> str:
        return self.name


class WebhookCursor(models.Model):
    """Up to which position events were given out. One row, whose lock makes that single-handed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="webhook_cursor_alone")]

    def __str__(self) -> str:
        return str(self.position)


class DeliveryState(models.TextChoices):
    """``waiting → delivered | failed``; ``→ waiting`` when it is sent again."""

    WAITING = "waiting", "Waiting"
    DELIVERED = "delivered", "Delivered"
    FAILED = "failed", "Failed"


class Delivery(models.Model):
    """One event for one endpoint. Ids follow the events' positions.

    ``kind`` is the public one. ``job`` keeps the order: a delivery waits for the earlier ones of its
    job. ``rung`` is its place on the ladder of retries, which one that is sent again climbs anew. A
    test has no event.
    """

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, null=True, on_delete=models.CASCADE, related_name="deliveries")
    job = models.ForeignKey(Job, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=9, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    rung = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    # What became of it last: the status of the answer, and a sentence.
    status = models.PositiveSmallIntegerField(null=True)
    outcome = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event"], name="delivery_once_an_endpoint"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_known"),
        ]
        indexes = [
            models.Index(
                fields=["webhook", "id"], name="delivery_waiting", condition=Q(state=DeliveryState.WAITING)
            ),
            models.Index(
                fields=["webhook", "job", "id"],
                name="delivery_order",
                condition=Q(state=DeliveryState.WAITING, job__isnull=False),
            ),
            models.Index(fields=["webhook", "state", "-id"], name="delivery_log"),
            models.Index(fields=["created_at"], name="delivery_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.webhook_id}: {self.state}"

    @property
    def message_id(self) -> str:
        """The id that the receiver sees, the same for every attempt."""
        return f"msg_{self.webhook.uid.hex}_{self.pk}"


class DeliveryAttempt(models.Model):
    """One request and its answer, as far as it was read. ``number`` counts from 1 and never begins anew."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="log")
    number = models.PositiveIntegerField()
    url = models.URLField(max_length=2000)
    request_headers = models.JSONField(default=dict)
    status = models.PositiveSmallIntegerField(null=True)
    response_headers = models.JSONField(default=dict)
    response_body = models.TextField(blank=True, default="")
    # Stable, for programs; empty when it was delivered.
    error_code = models.CharField(max_length=40, blank=True, default="")
    outcome = models.TextField(blank=True, default="")
    milliseconds = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "number"], name="delivery_attempt_once"),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}#{self.number}: {self.status}"

"""One endpoint: how it is doing, its settings, its log, and what people do to it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from labeling.errors import LabelyardError, refused
from labeling.models import DeliveryState, Webhook
from labeling.selectors.webhooks import delivery_get, delivery_list, webhook_get
from labeling.services.webhooks import (
    NewSecret,
    delivery_redeliver,
    failed_redeliver,
    webhook_delete,
    webhook_pause,
    webhook_resume,
    webhook_rotate,
    webhook_test,
    webhook_update,
)
from labeling.web.as_read import as_read, version_of
from labeling.web.guard import Visit, page
from labeling.web.turning import leaf
from labeling.web.webhook_forms import WebhookForm, filled, settings_of
from labeling.webhooks.request import body_of


@page
def webhook(visit: Visit, *, webhook_id: int) -> HttpResponse:
    """The endpoint; a POST saves its settings."""
    found = webhook_get(webhook_id=webhook_id)
    if visit.request.method != "POST":
        return shown(visit, found, filled(found))
    form = WebhookForm(visit.request.POST)
    if form.is_valid():
        try:
            with as_read(
                visit.request,
                found,
                noun="webhook",
                settings=lambda: settings_of(webhook_get(webhook_id=webhook_id)),
                written=form.cleaned_data,
            ):
                webhook_update(webhook=found, **form.cleaned_data)
            messages.success(visit.request, "The webhook was saved.", extra_tags="good")
            return redirect("webhook", webhook_id=webhook_id)
        except LabelyardError as error:
            form.add_error(None, error.sentence)
    return shown(visit, found, form, status=422)


def shown(
    visit: Visit, found: Webhook, form: WebhookForm, *, made: NewSecret | None = None, status: int = 200
) -> HttpResponse:
    seen = version_of(settings_of(webhook_get(webhook_id=found.pk)))
    context = {**about(found), **log_of(visit, found), "form": form, "made": made, "seen": seen}
    answer = visit.answer("labelyard/webhook.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def about(found: Webhook) -> dict[str, Any]:
    """What every page of an endpoint shows."""
    return {
        "webhook": found,
        "project": found.project,
        "tab": "webhooks",
        "place": "projects" if found.project else "webhooks",
    }


def log_of(visit: Visit, found: Webhook) -> dict[str, Any]:
    """The newest deliveries, or those after a cursor, narrowed by state."""
    state = visit.request.GET.get("state", "")
    rows = delivery_list(webhook_id=found.pk, state=state if state in DeliveryState.values else None)
    cursor = visit.request.GET.get("cursor", "")
    return {
        "leaf": leaf(rows, cursor=cursor, newest_first=True),
        "state": state,
        "states": DeliveryState,
    }


@page
def webhook_log(visit: Visit, *, webhook_id: int) -> HttpResponse:
    """The live part of the page."""
    found = webhook_get(webhook_id=webhook_id)
    return visit.answer("labelyard/parts/webhook_log.html", {**about(found), **log_of(visit, found)})


@page
def webhook_act(visit: Visit, *, webhook_id: int) -> HttpResponse:
    """Do what ``verb`` says, and say what came of it."""
    found = webhook_get(webhook_id=webhook_id)
    verb = visit.request.POST.get("verb", "")
    if verb == "rotate":
        new = webhook_rotate(webhook=found)
        return shown(visit, webhook_get(webhook_id=webhook_id), filled(new.webhook), made=new)
    if verb == "delete":
        webhook_delete(webhook=found)
        messages.success(visit.request, f"“{found}” was deleted.", extra_tags="good")
        if found.project_id is None:
            return redirect("webhooks")
        return redirect("project-webhooks", project_id=found.project_id)
    try:
        messages.success(visit.request, done(visit, found, verb), extra_tags="good")
    except LabelyardError as error:
        messages.error(visit.request, error.sentence, extra_tags="bad")
    return redirect("webhook", webhook_id=webhook_id)


def done(visit: Visit, found: Webhook, verb: str) -> str:
    """Do it and return the sentence."""
    if verb == "test":
        webhook_test(webhook=found)
        return "A test is on its way; the log shows what comes of it."
    if verb == "pause":
        webhook_pause(webhook=found, by=visit.user)
        return "Paused: what happens now waits."
    if verb == "resume":
        webhook_resume(webhook=found)
        return "Resumed: what waited is on its way."
    if verb == "redeliver":
        return sent_again(found, visit.request.POST.get("days", ""))
    raise refused("unknown_verb", "There is no such thing to do.")


def sent_again(found: Webhook, days: str) -> str:
    since = timezone.now() - timedelta(days=int(days) if days in ("1", "7", "30") else 1)
    count = failed_redeliver(webhook=found, since=since)
    return f"{count} {'delivery is' if count == 1 else 'deliveries are'} sent again."


@page
def webhook_delivery(visit: Visit, *, webhook_id: int, delivery_id: int) -> HttpResponse:
    """One delivery with its attempts; a POST sends it again."""
    delivery = delivery_get(webhook_id=webhook_id, delivery_id=delivery_id)
    if visit.request.method == "POST":
        try:
            delivery_redeliver(delivery=delivery)
            messages.success(visit.request, "It is sent again, under the same id.", extra_tags="good")
        except LabelyardError as error:
            messages.error(visit.request, error.sentence, extra_tags="bad")
        return redirect("webhook-delivery", webhook_id=webhook_id, delivery_id=delivery_id)
    context = {
        **about(webhook_get(webhook_id=webhook_id)),
        "delivery": delivery,
        "body": json.dumps(json.loads(body_of(delivery)), indent=2, ensure_ascii=False),
        "attempts": delivery.log.order_by("-number"),
    }
    return visit.answer("labelyard/webhook_delivery.html", context)

"""The form of an endpoint, with the kinds of events by noun."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms

from labeling.models import Webhook, WebhookFormat
from labeling.services.webhooks import AT_ONCE_MOST
from labeling.webhooks.catalogue import ALL, CATALOGUE, PublicKind


class WebhookForm(forms.Form):
    name = forms.CharField(max_length=100, label="Name", help_text="What listens there: “training pipeline”.")
    url = forms.CharField(
        max_length=2000, label="Address", help_text="https://… Private addresses need the operator's leave."
    )
    format = forms.ChoiceField(
        choices=WebhookFormat.choices, label="Format", help_text="Of the body and the signature."
    )
    at_once = forms.IntegerField(
        min_value=1,
        max_value=AT_ONCE_MOST,
        label="Requests at once",
        help_text="Those of a job always come one after another.",
    )
    kinds = forms.MultipleChoiceField(
        choices=[(ALL, "Everything"), *((kind.name, kind.name) for kind in CATALOGUE)],
        label="Events",
        error_messages={"required": "Choose at least one."},
    )

    def chosen(self) -> set[str]:
        """The kinds that are ticked."""
        return set(self["kinds"].value() or ())

    def nouns(self) -> list[tuple[str, list[PublicKind], bool]]:
        """The kinds as the page shows them: by what they are about, and whether any of those is ticked."""
        chosen = self.chosen()
        groups = [(noun, list(kinds)) for noun, kinds in groupby(CATALOGUE, key=lambda kind: kind.noun)]
        return [(noun, kinds, any(kind.name in chosen for kind in kinds)) for noun, kinds in groups]


def filled(webhook: Webhook) -> WebhookForm:
    """The form with what the endpoint has now."""
    return WebhookForm(initial=settings_of(webhook))


def settings_of(webhook: Webhook) -> dict[str, Any]:
    return {name: getattr(webhook, name) for name in ("name", "url", "format", "at_once", "kinds")}

"""A change of ``SECRET_KEY``: what is stored is sealed anew, and the former key can go."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from labeling.models import Project, User, Webhook
from labeling.sealing import secret_open, secret_seal
from labeling.selectors.connections import connection_options
from labeling.services.connections import Keys, connection_create
from labeling.services.webhooks import webhook_create, webhook_rotate

FORMER, NEW, LOST = "the former key", "the new key", "a key that is lost"


def test_after_it_the_new_key_alone_opens_everything_and_what_no_key_opens_is_named_and_left(
    project: Project, alice: User, settings: Settings
) -> None:
    settings.SECRET_KEY = FORMER
    bucket = connection_create(
        user=None, project=project, name="Films", bucket="films", keys=Keys("an access key", "its secret")
    )
    hook, lost = (
        webhook_create(
            user=alice, project=project, name=name, url="https://example.org/", kinds=["*"]
        ).webhook
        for name in ("Ours", "Lost")
    )
    before = secret_open(hook.secret)
    secret = webhook_rotate(webhook=hook).secret
    settings.SECRET_KEY = LOST
    Webhook.objects.filter(pk=lost.pk).update(secret=(unreadable := secret_seal("x")))

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [FORMER]
    said, warned = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 could not be opened"):
        call_command("reseal", stdout=said, stderr=warned)
    assert said.getvalue() == "Sealed 3 secrets anew: 1 of connections, 2 of webhooks.\n"
    assert "“Lost”" in warned.getvalue()

    settings.SECRET_KEY_FALLBACKS = []
    bucket.refresh_from_db()
    assert connection_options(bucket).secret_key == "its secret"
    hook.refresh_from_db()
    assert (secret_open(hook.secret), secret_open(hook.secret_before)) == (secret, before)
    lost.refresh_from_db()
    assert lost.secret == unreadable

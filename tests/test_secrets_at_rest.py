"""Secrets that are stored sealed."""

from __future__ import annotations

import pytest
from django.conf import settings

from labeling.errors import LabelyardError
from labeling.secrets_at_rest import secret_open, secret_seal

SECRET = "whsec_a secret of the tests"


def test_what_was_sealed_is_opened_again_and_does_not_show() -> None:
    sealed = secret_seal(SECRET)
    assert secret_open(sealed) == SECRET
    assert "whsec" not in sealed
    assert sealed != secret_seal(SECRET)


def test_another_key_opens_nothing_and_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = secret_seal(SECRET)
    monkeypatch.setattr(settings, "SECRET_KEY", "another key")
    with pytest.raises(LabelyardError, match="SECRET_KEY") as refusal:
        secret_open(sealed)
    assert refusal.value.code == "secret_unreadable"
    assert SECRET not in str(refusal.value)


@pytest.mark.parametrize("change", [lambda text: text[:-2], lambda text: "x" + text[1:]])
def test_what_was_tampered_with_is_not_opened(change: object) -> None:
    assert callable(change)
    with pytest.raises(LabelyardError):
        secret_open(change(secret_seal(SECRET)))

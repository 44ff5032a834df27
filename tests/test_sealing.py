"""Secrets at rest."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from labeling.errors import LabelyardError
from labeling.sealing import SealBroken, reseal, seal, secret_open, secret_seal, unseal

SECRET = "whsec_a secret of the tests"


def test_what_is_sealed_can_be_opened_and_not_be_read() -> None:
    sealed = seal(b"a secret key")
    assert "secret" not in sealed
    assert sealed != seal(b"a secret key")
    assert unseal(sealed) == b"a secret key"


def test_a_new_key_opens_what_a_former_one_sealed(settings: Settings) -> None:
    settings.SECRET_KEY = "the first"
    sealed = seal(b"secret")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the second", ["the first"]
    assert unseal(sealed) == b"secret"
    again = reseal(sealed)
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(again) == b"secret"
    with pytest.raises(SealBroken):
        unseal(sealed)


@pytest.mark.parametrize("sealed", ["", "nonsense", "ä"])
def test_what_was_never_sealed_is_told_apart(sealed: str) -> None:
    with pytest.raises(SealBroken):
        unseal(sealed)


def test_a_secret_that_was_sealed_is_opened_again_and_does_not_show() -> None:
    sealed = secret_seal(SECRET)
    assert secret_open(sealed) == SECRET
    assert "whsec" not in sealed
    assert sealed != secret_seal(SECRET)


def test_another_key_opens_nothing_and_says_what_to_do(settings: Settings) -> None:
    sealed = secret_seal(SECRET)
    settings.SECRET_KEY = "another key"
    with pytest.raises(LabelyardError, match="SECRET_KEY") as refusal:
        secret_open(sealed)
    assert refusal.value.code == "secret_unreadable"
    assert SECRET not in str(refusal.value)


@pytest.mark.parametrize("change", [lambda text: text[:-2], lambda text: "x" + text[1:]])
def test_what_was_tampered_with_is_not_opened(change: object) -> None:
    assert callable(change)
    with pytest.raises(LabelyardError):
        secret_open(change(secret_seal(SECRET)))

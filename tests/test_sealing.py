"""Secrets at rest."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from labeling.sealing import SealBroken, reseal, seal, unseal


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

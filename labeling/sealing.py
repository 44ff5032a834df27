"""Secrets at rest: sealed with a key made from ``SECRET_KEY``; former keys still open what they sealed."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"labelyard secrets at rest"


class SealBroken(Exception):
    """What was sealed cannot be opened with any key that this installation has."""


def seal(secret: bytes) -> str:
    """Return ``secret`` encrypted with the first key."""
    return keys().encrypt(secret).decode("ascii")


def unseal(sealed: str) -> bytes:
    """Return what was sealed. Raises SealBroken."""
    try:
        return keys().decrypt(sealed.encode("ascii"))
    except (InvalidToken, UnicodeEncodeError) as error:
        raise SealBroken from error


def reseal(sealed: str) -> str:
    """Return the same secret encrypted with the first key. Raises SealBroken."""
    return seal(unseal(sealed))


def keys() -> MultiFernet:
    """The key of ``SECRET_KEY``, then those of ``SECRET_KEY_FALLBACKS``."""
    return MultiFernet([fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def fernet(key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))

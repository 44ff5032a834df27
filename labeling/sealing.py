"""Secrets at rest: sealed with a key made from ``SECRET_KEY``; former keys still open what they sealed.

For what has to be used again, such as keys and what signs; of what is only compared, a token or a password, a
digest is stored. Which columns hold sealed texts is listed in ``services.sealed``.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from labeling.errors import LabelyardError

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


def secret_seal(text: str) -> str:
    """Return ``text`` encrypted, as ASCII. The same text is sealed differently each time."""
    return seal(text.encode())


def secret_open(sealed: str) -> str:
    """Return the text that was sealed.

    Raises ``secret_unreadable`` when no key of this installation opens it.
    """
    try:
        return unseal(sealed).decode()
    except SealBroken as error:
        raise LabelyardError(
            "secret_unreadable",
            "A stored secret cannot be read: SECRET_KEY is not the one that it was stored with. "
            "Bring that key back (SECRET_KEY_FALLBACKS), or make the secret anew.",
            status=500,
        ) from error


def reseal(sealed: str) -> str:
    """Return the same secret encrypted with the first key. Raises SealBroken."""
    return seal(unseal(sealed))


def keys() -> MultiFernet:
    """The key of ``SECRET_KEY``, then those of ``SECRET_KEY_FALLBACKS``."""
    return MultiFernet([fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def fernet(key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))

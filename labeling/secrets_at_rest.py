"""Secrets that have to be used again, such as those that sign: stored sealed, keyed from ``SECRET_KEY``.

What is only compared, a token or a password, is stored as a digest instead.
"""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from labeling.errors import LabelyardError

# Names the purpose in the derived key, so that no other use of ``SECRET_KEY`` opens what is sealed here.
PURPOSE = b"labelyard secrets at rest"


def secret_seal(text: str) -> str:
    """Return ``text`` encrypted, as ASCII. The same text is sealed differently each time."""
    return box(settings.SECRET_KEY).encrypt(text.encode()).decode()


def secret_open(sealed: str) -> str:
    """Return the text that was sealed.

    Raises ``secret_unreadable`` when it was sealed with another ``SECRET_KEY``, or tampered with.
    """
    try:
        return box(settings.SECRET_KEY).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise LabelyardError(
            "secret_unreadable",
            "A stored secret cannot be read: SECRET_KEY is not the one that it was stored with. "
            "Bring that key back, or enter the secret anew.",
            status=500,
        ) from error


@lru_cache(maxsize=4)
def box(key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))

"""Secrets that have to be used again, such as those that sign, as texts that are stored (``sealing``).

What is only compared, a token or a password, is stored as a digest instead.
"""

from __future__ import annotations

from labeling.errors import LabelyardError
from labeling.sealing import SealBroken, seal, unseal


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

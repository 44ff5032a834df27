"""The one error type of Labelyard: a code for programs, a sentence for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class LabelyardError(Exception):
    """Something was refused or went wrong, said so that a person knows what to do.

    ``code`` is stable and lower_snake_case, ``sentence`` says what happened to what and what to
    do, ``status`` is the HTTP status of the answer, ``details`` holds facts for programs (the id
    of the job in the way, the field that was wrong).
    """

    def __init__(
        self, code: str, sentence: str, *, status: int = 400, details: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.status = status
        self.details = dict(details or {})


def refused(code: str, sentence: str, **details: Any) -> LabelyardError:
    """Input that cannot be accepted as it stands (422)."""
    return LabelyardError(code, sentence, status=422, details=details)


def conflict(code: str, sentence: str, **details: Any) -> LabelyardError:
    """Input that is at odds with what is stored now (409)."""
    return LabelyardError(code, sentence, status=409, details=details)


def forbidden(sentence: str) -> LabelyardError:
    """The role does not allow it (403)."""
    return LabelyardError("forbidden", sentence, status=403)


def not_found(what: str) -> LabelyardError:
    """There is no such thing, or nothing that this person may know of (404)."""
    return LabelyardError("not_found", f"There is no such {what}, or you may not see it.", status=404)

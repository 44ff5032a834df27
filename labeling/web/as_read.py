"""Forms of what several people may set: a hidden field holds what stood there when the page was read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256

from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest

from labeling.errors import LabelyardError

FIELD = "seen"
Settings = Mapping[str, object]


def version_of(settings: Settings) -> str:
    """What the hidden field holds."""
    return sha256(spelled(settings).encode()).hexdigest()[:16]


def spelled(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=str)


@contextmanager
def as_read(
    request: HttpRequest, row: Model, *, noun: str, settings: Callable[[], Settings], written: Settings
) -> Iterator[None]:
    """A transaction to change ``settings`` in to what was ``written``, with ``row`` held meanwhile.

    Raises ``changed_meanwhile`` (412) when they are not those that the page showed.
    """
    seen = request.POST.get(FIELD, "")
    with transaction.atomic():
        list(type(row)._default_manager.select_for_update().filter(pk=row.pk).values_list("pk"))
        now = settings()
        if seen not in ("", version_of(now)):
            raise LabelyardError("changed_meanwhile", sentence_of(noun, now, written), status=412)
        yield


def sentence_of(noun: str, now: Settings, written: Settings) -> str:
    names = [
        name.replace("_", " ")
        for name, value in now.items()
        if name in written and spelled(written[name]) != spelled(value)
    ]
    others = f" Other than yours is now: {', '.join(names)}." if names else ""
    return (
        f"Somebody changed this {noun} after you had opened the page. Nothing was saved, and what you wrote "
        f"still stands here; save again to put it over theirs.{others}"
    )

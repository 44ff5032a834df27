"""All secrets at rest at once: sealed anew after ``SECRET_KEY`` has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Model

from labeling.models import Connection, Webhook
from labeling.sealing import SealBroken, reseal

SEALED: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (Connection, ("sealed",)),
    (Webhook, ("secret", "secret_before")),
)
"""The columns that hold what ``labeling.sealing`` sealed; blank where there is no secret."""


@dataclass
class Resealed:
    """What came of it: how many secrets of which things, and sentences on those that no key opens."""

    counts: Counter[str] = field(default_factory=Counter)
    unopened: list[str] = field(default_factory=list)


def secrets_reseal() -> Resealed:
    """Seal every stored secret with the newest key; one that no key opens is named and left as it is.

    Secrets that somebody changes meanwhile are sealed with that key anyway, and stay as they put them.
    """
    told = Resealed()
    for model, columns in SEALED:
        plural = str(model._meta.verbose_name_plural)
        for column in columns:
            for key, sealed in stored(model, column):
                try:
                    new = reseal(sealed)
                except SealBroken:
                    told.unopened.append(unopened(model._default_manager.get(pk=key), column))
                    continue
                same = model._default_manager.filter(pk=key, **{column: sealed})
                told.counts[plural] += same.update(**{column: new})
    return told


def stored(model: type[Model], column: str) -> Iterator[tuple[int, str]]:
    """Yield key and sealed text of each row that has one."""
    rows = model._default_manager.exclude(**{column: ""}).order_by("pk")
    yield from rows.values_list("pk", column).iterator()


def unopened(row: Model, column: str) -> str:
    name = f"{row._meta.verbose_name} {row.pk}, “{row}”"
    return f"No key opens “{column}” of {name}: bring its key back (SECRET_KEY_FALLBACKS), or enter it anew."

"""System checks of what workers run: said by ``manage.py check``, with a hint on how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from workers.backends.device.choices import DEVICES, PRECISIONS
from workers.sam2 import sam2_missing
from workers.sam3 import sam3_missing


@register()
def sam2_can_run(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Where a checkpoint is named, SAM 2 is installed and the file is there. Else it is just not offered."""
    if not settings.SAM2_CHECKPOINT:
        return []
    missing = sam2_missing()
    if not missing:
        return []
    return [Warning(f"SAM 2 is not offered. {missing}", hint="See “manage.py models”.", id="workers.W001")]


@register()
def sam3_can_run(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Where a folder is named, SAM 3 is installed and the folder is whole. Else it is just not offered."""
    missing = sam3_missing() if settings.SAM3_MODEL else ""
    if not missing:
        return []
    return [Warning(f"SAM 3 is not offered. {missing}", hint="See “manage.py models”.", id="workers.W002")]


@register()
def sam_settings_known(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Devices, precisions and size are such as there are."""
    found: list[CheckMessage] = []
    for name, device, precision in (
        ("SAM2", settings.SAM2_DEVICE, settings.SAM2_PRECISION),
        ("SAM3", settings.SAM3_DEVICE, settings.SAM3_PRECISION),
    ):
        if device.split(":", maxsplit=1)[0] not in DEVICES:
            found.append(
                Error(
                    f"LABELYARD_{name}_DEVICE is {device!r}.",
                    hint=f"Set it to one of {', '.join(DEVICES)}, or to one GPU as in cuda:1.",
                    id="workers.E002",
                )
            )
        if precision not in PRECISIONS:
            found.append(
                Error(
                    f"LABELYARD_{name}_PRECISION is {precision!r}.",
                    hint=f"Set it to one of {', '.join(PRECISIONS)}.",
                    id="workers.E003",
                )
            )
    size = settings.SAM2_IMAGE_SIZE
    if size is not None and (size < 32 or size % 32):
        found.append(
            Error(
                f"LABELYARD_SAM2_IMAGE_SIZE is {size}.",
                hint="Set it to a multiple of 32, or leave it out: the published models are made for 1024.",
                id="workers.E004",
            )
        )
    return found

"""The environment that every process of the stack gets."""

from __future__ import annotations

import os
from pathlib import Path

# Where the packages lie, so that the stack runs from a checkout that is not installed, too.
ROOT = Path(__file__).resolve().parent.parent.parent

ADDRESSES = ("DATABASE_URL", "REDIS_URL")

# Processes share the cores among them: one that also spread its arithmetic over all of them would
# slow the rest down. Who sets these knows better.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def stack_environment(*, data_dir: Path, database_url: str, redis_url: str) -> dict[str, str]:
    """Return this process's environment with the stack's own data folder and addresses."""
    kept = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in ADDRESSES}
    paths = [str(ROOT), *filter(None, [kept.get("PYTHONPATH")])]
    return {
        **ONE_THREAD,
        **kept,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "LABELYARD_DATA": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "labeling.settings",
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUNBUFFERED": "1",
    }

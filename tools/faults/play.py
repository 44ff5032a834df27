"""All faults on the database of the environment: ``python -m tools.faults.play TIMES SEED``."""

from __future__ import annotations

from tools import ready  # noqa: F401

# isort: split
import os
import sys
import tempfile
from pathlib import Path

from labeling.models import Project
from tests.engine.clips import clip_task
from tests.factories import make_ontology
from tools.faults.dumps import Damage
from tools.faults.scenarios import SCENARIOS, undisturbed_labels
from tools.faults.shop import Shop


def main(times: int, seed: int) -> int:
    clean = True
    with tempfile.TemporaryDirectory(prefix="labelyard-faults-") as name:
        folder = Path(name)
        project = Project.objects.create(name="Faults", ontology=make_ontology())
        media = clip_task(project, folder).media
        with Shop(environment=dict(os.environ), workers=2, logs=folder) as shop:
            undisturbed = undisturbed_labels(media)
            for scenario in SCENARIOS.values():
                report = scenario(shop, media, undisturbed=undisturbed, times=times, seed=seed)
                clean &= report.damage == Damage(lost=0, duplicated=0)
                print(report.line(), flush=True)
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))

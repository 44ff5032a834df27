"""Short versions of ``make faults``: parts are killed, frozen and forgotten while jobs run.

A checker outside the engine compares the labels with those of an undisturbed run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeling.models import Media, Project
from tests.engine.clips import clip_task
from tests.servers import ValkeyServer
from tools.faults.dumps import Damage, Labels
from tools.faults.scenarios import SCENARIOS, undisturbed_labels
from tools.faults.shop import Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine, pytest.mark.timeout(400)]


@pytest.fixture
def media(project: Project, tmp_path: Path) -> Media:
    return clip_task(project, tmp_path).media


@pytest.fixture
def shop(valkey: ValkeyServer, environment: dict[str, str], tmp_path: Path) -> Iterator[Shop]:
    with Shop(environment=environment, workers=2, logs=tmp_path) as shop:
        yield shop


@pytest.fixture
def undisturbed(shop: Shop, media: Media) -> Labels:
    return undisturbed_labels(media)


def test_the_undisturbed_run_is_what_the_script_says(undisturbed: Labels) -> None:
    """Else a checker that compares nothing with nothing would be content."""
    assert len(undisturbed) == 3 * (60 - 4)
    assert sum(1 for geometry, _ in undisturbed.values() if geometry is None) == 3
    assert len({geometry for geometry, _ in undisturbed.values()}) > 100


@pytest.mark.parametrize(
    ("fault", "times"),
    [
        ("kill-worker", 8),
        ("wipe-broker", 2),
        ("wake-after-lease", 2),
        ("kill-fast-tracker", 2),
        ("kill-detector", 2),
    ],
)
def test_no_label_is_lost_or_doubled(
    shop: Shop, media: Media, undisturbed: Labels, fault: str, times: int
) -> None:
    report = SCENARIOS[fault](shop, media, undisturbed=undisturbed, times=times, seed=7)
    assert report.times >= times
    assert report.damage == Damage(lost=0, duplicated=0)

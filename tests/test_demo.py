"""``manage.py demo --once``: what a new user sees first, on the real film, through the real queue."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from django.conf import settings
from encord.objects import LabelRowV2, OntologyStructure
from encord.orm.storage import CustomerProvidedVideoMetadata
from pycocotools.coco import COCO

from labeling.demo.video import FIRST_FRAME, LAST_FRAME
from labeling.stack.environment import ADDRESSES
from labeling.stack.ports import free_port

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The demo's output and its data folder; it has ended by then."""
    folder = tmp_path_factory.mktemp("demo")
    environment = {name: value for name, value in os.environ.items() if name not in ADDRESSES}
    done = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "demo", "--once", "--port", str(free_port())],
        env={**environment, "LABELYARD_DATA": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return SimpleNamespace(text=done.stdout, folder=folder)


def test_each_step_says_how_long_it_took(told: Any) -> None:
    steps = re.findall(r"^ *\d+\.\d s  (\w+)", told.text, flags=re.MULTILINE)
    assert steps == ["Started", "Made", "Uploaded", "Drew", "Tracked", "Exported", "Exported", "in"]


def test_the_coco_export_loads_and_holds_both_objects_over_the_shot(told: Any) -> None:
    coco = COCO(str(told.folder / "exports" / "coco.json"))
    frames: dict[str, set[int]] = {"Vehicle": set(), "Rider": set()}
    for annotation in coco.loadAnns(coco.getAnnIds()):
        (image,) = coco.loadImgs([annotation["image_id"]])
        (category,) = coco.loadCats([annotation["category_id"]])
        frames[category["name"]].add(image["frame"])
        assert coco.annToMask(annotation).any()
    assert frames["Vehicle"] == set(range(FIRST_FRAME, LAST_FRAME + 1))
    assert FIRST_FRAME in frames["Rider"]
    assert len(frames["Rider"]) > 10
    assert frames["Rider"] < frames["Vehicle"]


def test_the_encord_export_loads_in_the_sdk_with_the_same_labels(told: Any) -> None:
    document = json.loads((told.folder / "exports" / "encord.json").read_text())
    assert set(document) == {"ontology", "label_rows"}
    ontology: Any = SimpleNamespace(structure=OntologyStructure.from_dict(document["ontology"]))
    (source,) = document["label_rows"]
    (unit,) = source["data_units"].values()
    row = LabelRowV2.from_media_metadata(
        ontology,
        CustomerProvidedVideoMetadata(
            fps=unit["data_fps"],
            duration=unit["data_duration"],
            width=unit["width"],
            height=unit["height"],
            file_size=1,
            mime_type=unit["data_type"],
        ),
    )
    row.from_labels_dict(source)
    coco = json.loads((told.folder / "exports" / "coco.json").read_text())
    assert sum(len(each.get_annotations()) for each in row.get_object_instances()) == len(coco["annotations"])


def test_nothing_runs_on(told: Any) -> None:
    left = [
        process.pid
        for process in psutil.process_iter(["environ"])
        if (process.info["environ"] or {}).get("LABELYARD_DATA") == str(told.folder)
    ]
    assert left == []

"""SAM 3 is offered where its folder is whole, by a parent that never touched PyTorch; its licence is said."""

from __future__ import annotations

import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.backends.sam3_micro import micro_environment, need_sam3
from workers.checks import sam3_can_run, sam_settings_known
from workers.sam3 import sam3_missing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sam3_there(scratch: Path, environment: dict[str, str]) -> dict[str, str]:
    need_sam3()
    return {**environment, **micro_environment(scratch / "micro3")}


def run(program: str, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, django; django.setup(); {program}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_announcing_does_not_import_pytorch(sam3_there: dict[str, str]) -> None:
    run(
        "from workers.announcing import detectors_told; told = detectors_told()['sam3'];"
        "assert told['capability'] == 'gpu' and 'words' in told['reads'], told;"
        "assert told['model'] == 'micro3' and 'demonstration' in told['note'], told;"
        "from workers.backends.clickers import clicker_names; assert 'sam3' in clicker_names();"
        "assert 'torch' not in sys.modules and 'transformers' not in sys.modules",
        sam3_there,
    )


def test_the_probe_tells_the_device(sam3_there: dict[str, str]) -> None:
    run(
        "from workers.sam3 import sam3_probe, sam3_told; sam3_probe(); told = sam3_told();"
        "assert (told['device'], told['precision']) == ('cpu', 'float32'), told;"
        "assert 'torch' not in sys.modules",
        sam3_there,
    )


def test_a_device_that_is_not_there_withdraws_the_offer(sam3_there: dict[str, str]) -> None:
    run(
        "from workers.sam3 import sam3_probe; sam3_probe();"
        "from workers.backends.clickers import clicker_names; assert 'sam3' not in clicker_names();"
        "from workers.backends.detectors import detector_names; assert 'sam3' not in detector_names()",
        {**sam3_there, "LABELYARD_SAM3_DEVICE": "mps"},
    )


@pytest.mark.parametrize("package", ["torch", "transformers"])
def test_without_a_package_nothing_is_offered(sam3_there: dict[str, str], package: str) -> None:
    """As on a worker that was installed without the extra."""
    run(
        f"sys.modules.pop('workers.sam3', None); sys.modules[{package!r}] = None;"
        "from workers.sam3 import sam3_missing; assert 'extra “sam”' in sam3_missing(), sam3_missing()",
        sam3_there,
    )


@pytest.mark.parametrize("folder", ["", "/nowhere/sam3"])
def test_without_a_folder_nothing_is_offered(environment: dict[str, str], folder: str) -> None:
    run(
        "from workers.backends.detectors import detector_names; assert 'sam3' not in detector_names()",
        {**environment, "LABELYARD_SAM3_MODEL": folder},
    )


class TestWhatIsSaid:
    @pytest.fixture
    def told(self) -> str:
        out = StringIO()
        call_command("models", stdout=out)
        return out.getvalue()

    def test_the_licence_is_said_whatever_the_state(self, told: str) -> None:
        assert "SAM License" in told
        assert "neither brings nor fetches" in told
        assert "SAM 3 is not offered here. No folder is named." in told

    def test_where_it_is_offered(self, sam3_there: dict[str, str], settings: Any) -> None:
        settings.SAM3_MODEL = sam3_there["LABELYARD_SAM3_MODEL"]
        out = StringIO()
        call_command("models", stdout=out)
        assert "SAM 3 is offered here, by words and clicks" in out.getvalue()

    def test_a_folder_that_cannot_be_used_is_a_warning_with_a_hint(
        self, settings: Any, tmp_path: Path
    ) -> None:
        need_sam3()
        assert sam3_can_run(None) == []
        settings.SAM3_MODEL = str(tmp_path)
        (warning,) = sam3_can_run(None)
        assert (warning.id, warning.hint) == ("workers.W002", "See “manage.py models”.")
        assert "config.json and model.safetensors" in str(warning.msg)
        assert sam3_missing() in str(warning.msg)

    @pytest.mark.parametrize(
        ("name", "value", "known"),
        [("SAM3_DEVICE", "gpu", "workers.E002"), ("SAM3_PRECISION", "half", "workers.E003")],
    )
    def test_a_device_or_precision_that_there_is_not(
        self, settings: Any, name: str, value: str, known: str
    ) -> None:
        setattr(settings, name, value)
        (error,) = sam_settings_known(None)
        assert error.id == known
        assert f"LABELYARD_{name} is '{value}'" in str(error.msg)

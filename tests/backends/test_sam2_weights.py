"""A checkpoint that is not one is answered with a sentence, and runs nothing."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.backends.sam2_micro import CONFIG, micro_files, micro_options
from workers.backends.base import BackendError
from workers.backends.sam2.options import Sam2Options
from workers.backends.sam2.tracker import Sam2Tracker


@pytest.fixture
def options(micro_folder: Path) -> Sam2Options:
    return micro_options(micro_folder)


def refusal(options: Sam2Options) -> str:
    class NoFrames:
        width, height = 8, 8

        def __len__(self) -> int:
            return 1

        def read_rgb(self, frame: int) -> Any:
            raise AssertionError("A model that cannot be loaded reads no frame.")

    with pytest.raises(BackendError) as refused:
        Sam2Tracker(options).open(NoFrames(), parameters={})
    return str(refused.value)


def written(folder: Path, write: Callable[[Path], object]) -> Path:
    path = folder / "weights.pt"
    write(path)
    return path


def test_a_truncated_file(options: Sam2Options, micro_folder: Path, tmp_path: Path) -> None:
    whole = micro_files(micro_folder)[0].read_bytes()
    path = written(tmp_path, lambda path: path.write_bytes(whole[: len(whole) // 2]))
    assert "weights.pt cannot be read: it is truncated" in refusal(replace(options, checkpoint=path))


def test_a_file_of_something_else(options: Sam2Options, tmp_path: Path) -> None:
    path = written(tmp_path, lambda path: path.write_bytes(b"<html>Not found</html>"))
    assert "cannot be read" in refusal(replace(options, checkpoint=path))


def test_code_in_a_file_is_not_run(options: Sam2Options, tmp_path: Path) -> None:
    trace = tmp_path / "trace"

    class Harm:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (trace,)

    path = written(tmp_path, lambda path: path.write_bytes(pickle.dumps({"model": Harm()})))
    assert "cannot be read" in refusal(replace(options, checkpoint=path))
    assert not trace.exists()


def test_weights_that_are_not_of_a_model(options: Sam2Options, tmp_path: Path) -> None:
    import torch

    path = written(tmp_path, lambda path: torch.save({"state_dict": {"a": torch.zeros(2)}}, path))
    assert "is not one of SAM 2" in refusal(replace(options, checkpoint=path))


def test_weights_of_another_model(options: Sam2Options, tmp_path: Path) -> None:
    import torch

    path = written(tmp_path, lambda path: torch.save({"model": {"a": torch.zeros(2)}}, path))
    assert "it is of another model" in refusal(replace(options, checkpoint=path))
    assert "not one of the published models" in refusal(replace(options, checkpoint=path, config=None))


def test_weights_of_another_size(options: Sam2Options) -> None:
    assert "does not fit its configuration" in refusal(replace(options, config=CONFIG))


def test_a_file_that_is_not_there(options: Sam2Options) -> None:
    assert "There is no checkpoint" in refusal(replace(options, checkpoint=Path("/nowhere/a.pt")))


def test_a_wrong_hash(options: Sam2Options) -> None:
    assert "its sha256 is another than" in refusal(replace(options, sha256="0" * 64))


def test_a_configuration_that_is_not_there(options: Sam2Options) -> None:
    assert "has no configuration" in refusal(replace(options, config="configs/none.yaml"))


def test_a_configuration_that_would_build_something_else(options: Sam2Options, tmp_path: Path) -> None:
    config = tmp_path / "own.yaml"
    config.write_text("model:\n  _target_: x\n  image_encoder:\n    _target_: os.system\n", encoding="utf-8")
    assert "would build “os.system”" in refusal(replace(options, config=str(config)))


def test_a_device_that_is_not_there(options: Sam2Options) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("There is a GPU here.")
    assert "PyTorch finds no such device" in refusal(replace(options, device="cuda"))


@pytest.mark.parametrize("size", ["t", "s", "b+", "l"])
@pytest.mark.parametrize("family", ["sam2", "sam2.1"])
def test_the_configuration_is_found_out_from_published_weights(
    micro_folder: Path, monkeypatch: pytest.MonkeyPatch, family: str, size: str
) -> None:
    """Models of the published configurations, built without memory for their numbers."""
    import sam2
    import torch
    from hydra.utils import instantiate
    from omegaconf import OmegaConf

    from workers.backends.sam2.weights import config_of

    config = f"configs/{family}/{family}_hiera_{size}.yaml"
    # It reads single numbers from this one while it builds.
    monkeypatch.setattr(torch, "linspace", partial(torch.linspace, device="cpu"))
    with torch.device("meta"):
        model = instantiate(OmegaConf.load(Path(sam2.__file__).parent / config).model)
    assert config_of(model.state_dict(), name="x.pt") == config

"""Probed clips, each made once a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from labeling.media.frametable import FrameTable
from labeling.media.limits import MediaLimits
from labeling.media.probe import ProbeResult, probe_file
from labeling.media.reader import FrameReader, open_frames
from labeling.media.stills import StillSource
from tests.clips import Clip, make_clip


@dataclass(frozen=True)
class Probed:
    """A clip with what the probe says of it."""

    clip: Clip
    result: ProbeResult

    @property
    def table(self) -> FrameTable:
        assert isinstance(self.result.table, FrameTable)
        return self.result.table

    @property
    def source(self) -> StillSource:
        return StillSource(
            key=self.clip.path.name,
            path=self.clip.path,
            kind="video",
            table=self.table,
            width=self.result.width,
            height=self.result.height,
        )

    def open(self, **options: int) -> FrameReader:
        return open_frames(
            self.clip.path,
            kind="video",
            table=self.table,
            width=self.result.width,
            height=self.result.height,
            **options,
        )


Prober = Callable[[str], Probed]


@pytest.fixture(scope="session")
def probed(tmp_path_factory: pytest.TempPathFactory) -> Prober:
    """Return a function from the kind of a clip to the probed clip."""
    folder: Path = tmp_path_factory.mktemp("clips")

    @cache
    def probed_clip(kind: str) -> Probed:
        clip = make_clip(kind, folder)
        return Probed(clip, probe_file(clip.path, limits=MediaLimits()))

    return probed_clip

"""A whole Labelyard to talk to, with an account and a token; and a film."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from labeling.stack.ports import free_port
from labeling.stack.stack import Stack
from tests.clips.encoding import Encoding, encode_pictures
from tests.clips.numbers import Picture

WIDTH, HEIGHT, FRAMES = 320, 240, 40
ACCOUNT = """
import django; django.setup()
from labeling.services.users import user_create
from labeling.services.tokens import token_create
mara = user_create(username="mara", password="correct horse battery")
print(token_create(user=mara, name="scripts").secret)
"""


@dataclass(frozen=True)
class Installation:
    """Where it is, and a token of somebody who may make projects."""

    url: str
    token: str

    @property
    def environment(self) -> dict[str, str]:
        """What a script or a shell has to know of it."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {**os.environ, "PATH": path, "LABELYARD_URL": self.url, "LABELYARD_TOKEN": self.token}


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The embedded stack as its own processes."""
    with Stack(tmp_path_factory.mktemp("client"), free_port()) as stack:
        stack.wait_ready()
        made = subprocess.run(
            [sys.executable, "-c", ACCOUNT],
            env=stack.environment, cwd=settings.BASE_DIR, check=True, capture_output=True, text=True,
        )  # fmt: skip
        yield Installation(stack.url, made.stdout.strip())


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A textured square of 48 pixels that moves to the right from 40, 100: 40 frames of 320 by 240."""
    path = tmp_path_factory.mktemp("film") / "street.mp4"
    encode_pictures(path, (scene(frame) for frame in range(FRAMES)), encoding=Encoding())
    return path


def scene(frame: int) -> Picture:
    picture = np.random.default_rng(5).integers(90, 140, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    square = np.random.default_rng(6).integers(0, 255, (6, 6, 3), dtype=np.uint8)
    left = 40 + 2 * frame
    picture[100:148, left : left + 48] = np.kron(square, np.ones((8, 8, 1), dtype=np.uint8))
    return picture

"""What segmenters and detectors on a device have in common: one model, and one encoding of a picture."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import Box, Points
from workers.backends.base import RgbFrame
from workers.backends.clicking import Segmented
from workers.backends.device.memory import memory_told
from workers.backends.prompted import box_prompted


class LoadedModel(Protocol):
    """A model in memory, as people are told of it."""

    @property
    def name(self) -> str: ...

    @property
    def device(self) -> str: ...

    @property
    def precision(self) -> str: ...


class AskedPicture(Protocol):
    """An encoded picture that answers clicks. Its methods raise DeviceMemoryError."""

    width: int
    height: int

    def ask(self, *, points: Points, include: NDArray[np.bool_], box: Box | None) -> Segmented:
        """Return the object that is meant, see ``Clicker.segment``."""
        ...


Options = TypeVar("Options")
Model = TypeVar("Model", bound=LoadedModel)
Encoded = TypeVar("Encoded")


class PictureEncoder(ABC, Generic[Options, Model, Encoded]):
    """Loads its model on first use. Nothing of PyTorch is touched before: who forks others must not have."""

    def __init__(self, options: Options) -> None:
        self.options = options

    @abstractmethod
    def model(self) -> Model:
        """Return the model, loaded once a process. Raises BackendError when it cannot be loaded."""

    @abstractmethod
    def library(self) -> str:
        """Return the library that runs the model, and its version."""

    @abstractmethod
    def encode(self, model: Model, rgb: RgbFrame) -> Encoded:
        """Encode a picture ``(height, width, 3)``. Raises DeviceMemoryError."""

    def load(self) -> None:
        """Load the model, unless it is there. Raises BackendError when it cannot be loaded."""
        self.model()

    @property
    def version(self) -> str:
        """Model, device, precision and library. Loads the model, since encodings are kept under this name.

        Raises BackendError when it cannot be loaded.
        """
        return version_told(self.model(), library=self.library())

    @property
    def device(self) -> str:
        """What the model runs on: ``cpu``, ``cuda``. Loads the model."""
        return self.model().device

    def open(self, rgb: RgbFrame) -> Encoded:
        """Encode a picture ``(height, width, 3)``. Raises BackendError when it cannot."""
        model = self.model()
        height, width = rgb.shape[:2]
        with memory_told(width=width, height=height):
            return self.encode(model, rgb)


def version_told(model: LoadedModel, *, library: str) -> str:
    """Return the model, what it runs on, and the library, as people read it."""
    return f"{model.name} on {model.device}, {model.precision}, {library}"


def prompt_answered(
    picture: AskedPicture, *, points: Points, include: NDArray[np.bool_], box: Box | None
) -> Segmented:
    """Ask for all of a prompt at once, see ``Clicker.segment``.

    Raises BackendError when nothing says where the object is, or the device has no memory left.
    """
    width, height = picture.width, picture.height
    box = box_prompted(box, include=include, width=width, height=height)
    with memory_told(width=width, height=height):
        return picture.ask(points=points, include=include, box=box)

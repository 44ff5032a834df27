"""The supervisor's configuration, written anew at each start."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from labeling.stack.ports import LOOPBACK
from labeling.stack.programs import Program

# Relative to the data folder, in which the supervisor runs.
LOGS = "logs"
RUN = "run"
RPC_USER = "stack"
LOG_BYTES = "10MB"
LOG_BACKUPS = 3
# The supervisor waits one second more before each try: twenty tries last three and a half minutes.
START_TRIES = 20
# Longer than Python needs to find that something is not installed.
START_SECONDS = 3


def section(name: str, values: dict[str, object]) -> str:
    """Return one section; ``%`` is doubled, as the file's grammar wants it."""
    lines = [f"{key} = {str(value).replace('%', '%%')}" for key, value in values.items()]
    return "\n".join([f"[{name}]", *lines, ""])


def program_section(program: Program, *, priority: int) -> str:
    """Return the section of one program: restarted whenever it ends, logged to a file that rotates."""
    return section(
        f"program:{program.name}",
        {
            "command": shlex.join(program.command),
            "priority": priority,
            "autorestart": "true",
            "startsecs": START_SECONDS,
            "startretries": START_TRIES,
            "stopsignal": program.stop_signal,
            "stopwaitsecs": program.stop_seconds,
            # The signal goes to the process, which knows how to end its own; the kill to all of them.
            "stopasgroup": "false",
            "killasgroup": "true",
            "redirect_stderr": "true",
            "stdout_logfile": f"{LOGS}/{program.name}.log",
            "stdout_logfile_maxbytes": LOG_BYTES,
            "stdout_logfile_backups": LOG_BACKUPS,
        },
    )


def supervisor_configuration(
    *, first: Sequence[Program], rest: Sequence[Program], rpc_port: int, rpc_password: str
) -> str:
    """Return the whole file: ``first`` starts before ``rest``, and ends after all of it has ended."""
    parts = [
        section(
            "supervisord",
            {
                "nodaemon": "true",
                "silent": "true",
                "logfile": f"{LOGS}/supervisor.log",
                "logfile_maxbytes": LOG_BYTES,
                "logfile_backups": LOG_BACKUPS,
                "pidfile": f"{RUN}/supervisor.pid",
                "childlogdir": LOGS,
                "identifier": "labelyard",
            },
        ),
        section(
            "inet_http_server",
            {"port": f"{LOOPBACK}:{rpc_port}", "username": RPC_USER, "password": rpc_password},
        ),
        section(
            "rpcinterface:supervisor",
            {"supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"},
        ),
        *[program_section(program, priority=1) for program in first],
        *[program_section(program, priority=10) for program in rest],
        # One group, so that its members end side by side and not one after the other.
        section("group:house", {"programs": ",".join(program.name for program in rest), "priority": 10}),
    ]
    return "\n".join(parts)

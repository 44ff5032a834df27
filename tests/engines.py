"""``pytest --postgres``: the tests marked ``engine`` once more, on PostgreSQL, in the same summary.

One process holds one Django, and one Django one database; so a second pytest runs those tests with
``DATABASE_URL`` set, and hands its reports over a pipe to the first, which counts them as its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any, TextIO

import pytest

from tests.needs import MISSING, on_ci
from tests.postgres import postgres_running

NODE = "tests on PostgreSQL"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("labelyard")
    group.addoption(
        "--postgres", action="store_true", help="Run the tests marked 'engine' on PostgreSQL as well."
    )
    group.addoption(
        "--examples",
        type=int,
        default=3,
        help="Made-up requests for each route (tests/api/test_any_request.py).",
    )
    group.addoption("--reports-to", type=int, metavar="FD", help="Write reports to this open file, as JSON.")


def pytest_configure(config: pytest.Config) -> None:
    descriptor = config.getoption("--reports-to")
    if descriptor is not None and not is_worker(config):
        config.pluginmanager.register(ReportWriter(config, os.fdopen(descriptor, "w")))


class ReportWriter:
    """In the second pytest: one line for the number of tests, then one a report."""

    def __init__(self, config: pytest.Config, stream: TextIO) -> None:
        self.config = config
        self.stream = stream

    def write(self, message: dict[str, Any]) -> None:
        self.stream.write(json.dumps(message, default=str) + "\n")
        self.stream.flush()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.write({"collected": len(session.items)})

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        data = self.config.hook.pytest_report_to_serializable(config=self.config, report=report)
        # Who ran it is a process of this run, which the first pytest knows nothing of.
        data.pop("node", None)
        self.write({"report": data})


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    result = yield
    options = session.config
    if options.getoption("--postgres") and not options.getoption("collectonly") and not is_worker(options):
        run_on_postgres(session)
    return result


def is_worker(config: pytest.Config) -> bool:
    """Whether this process runs a share of the tests for another one (``pytest -n``)."""
    return hasattr(config, "workerinput")


def run_on_postgres(session: pytest.Session) -> None:
    """Run the marked tests on a PostgreSQL of our own and count them in ``session``."""
    with tempfile.TemporaryDirectory(prefix="labelyard-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        try:
            with postgres_running(folder) as url:
                run_second(session, url=url, log=folder / "pytest.log")
        except MISSING as error:
            say(session, f"PostgreSQL is not there: {error}", failed=on_ci())


def run_second(session: pytest.Session, *, url: str, log: Path) -> None:
    """Run the second pytest and take its reports as they come."""
    reader, writer = os.pipe()
    with log.open("wb") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "pytest", *arguments(session.config), f"--reports-to={writer}"],
            env={**os.environ, "DATABASE_URL": url},
            cwd=session.config.rootpath,
            pass_fds=[writer],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    os.close(writer)
    with os.fdopen(reader) as lines:
        for line in lines:
            take(session, json.loads(line))
    code = child.wait()
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED):
        say(session, log.read_text(errors="replace")[-5000:], failed=True)


def arguments(config: pytest.Config) -> list[str]:
    """The arguments of this run, narrowed to the marked tests."""
    kept = [argument for argument in config.invocation_params.args if argument != "--postgres"]
    chosen = config.getoption("markexpr")
    return [*kept, "-m", f"({chosen}) and engine" if chosen else "engine"]


def take(session: pytest.Session, message: dict[str, Any]) -> None:
    """Count what the second pytest says."""
    if "collected" in message:
        session.testscollected += message["collected"]
        return
    report = session.config.hook.pytest_report_from_serializable(
        config=session.config, data=message["report"]
    )
    report.nodeid = f"{report.nodeid}[postgresql]"
    session.config.hook.pytest_runtest_logreport(report=report)


def say(session: pytest.Session, text: str, *, failed: bool) -> None:
    """Put one entry for the whole second run into the summary."""
    report = pytest.CollectReport(
        nodeid=NODE,
        outcome="failed" if failed else "skipped",
        longrepr=text if failed else (__file__, 0, text),
        result=[],
    )
    session.config.hook.pytest_collectreport(report=report)

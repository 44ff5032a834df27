"""The command's groups, and its end: every error a sentence and an exit code."""

from __future__ import annotations

import sys

import click

import labelyard
from labelyard.command.account import login, logout, me
from labelyard.command.agents import agents
from labelyard.command.batches import batches
from labelyard.command.comments import comments
from labelyard.command.completion import completion
from labelyard.command.connections import connections
from labelyard.command.exporting import exports
from labelyard.command.jobs import jobs
from labelyard.command.labels import labels
from labelyard.command.media import media
from labelyard.command.options import Settings
from labelyard.command.projects import projects
from labelyard.command.rules import rules
from labelyard.command.tasks import tasks
from labelyard.command.watches import watches
from labelyard.command.webhooks import webhooks
from labelyard.errors import LabelyardError

# Of the server's: 4xx is a refusal. Everything else is no answer that helps.
REFUSED, USAGE, UNREACHABLE, UNDONE, INTERRUPTED = 1, 2, 3, 4, 130
NOT_THERE = ("unreachable", "timeout", "unexpected_answer")
NOT_DONE = ("wait_timeout",)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": None})
@click.option("--url", envvar="LABELYARD_URL", help="Address of the installation.")
@click.version_option(labelyard.__version__, prog_name="labelyard")
@click.pass_context
def labelyard_command(context: click.Context, url: str | None) -> None:
    """Labelyard from the shell.

    Sign in with “labelyard login”, or set LABELYARD_URL and LABELYARD_TOKEN. Exit codes: 0 done, 1 refused,
    2 usage, 3 the server cannot be reached, 4 a job or a file did not succeed, 130 interrupted.
    """
    context.obj = Settings(url=url)


for group in (
    login, logout, me, projects, media, tasks, comments, jobs, batches, labels, exports, connections,
    watches, rules, webhooks, agents, completion,
):  # fmt: skip
    labelyard_command.add_command(group)


def main() -> None:
    """Run the command, and end with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the command with these arguments; errors are said on standard error. Return the exit code."""
    try:
        code = labelyard_command.main(arguments, prog_name="labelyard", standalone_mode=False)
    except LabelyardError as error:
        click.echo(f"labelyard: {error.sentence} ({error.code})", err=True)
        return exit_code(error)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("labelyard: Interrupted.", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # Who reads has had enough, as “head” does; Python would say so once more at its end.
        sys.stdout = None
        return 0
    return code if isinstance(code, int) else 0


def exit_code(error: LabelyardError) -> int:
    if error.code in NOT_THERE or (error.status or 0) >= 500:
        return UNREACHABLE
    if error.code in NOT_DONE or getattr(error, "undone", False):
        return UNDONE
    return REFUSED

"""``manage.py demo``: from nothing to tracked labels to review, on a real video."""

from __future__ import annotations

import secrets
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from labeling.demo.story import Story
from labeling.demo.video import FIRST_FRAME, demo_video
from labeling.errors import LabelyardError
from labeling.models import User
from labeling.services.tokens import token_create
from labeling.stack.running import end_on_signals, running_stack
from labelyard import Client
from labelyard import LabelyardError as AnsweredError

USERNAME = "demo"


class Command(BaseCommand):
    """Starts the embedded stack, plays the demo through the API, and serves until Ctrl-C."""

    help = "Play the demo on a real video and serve it for review, until interrupted."

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="End after the job instead of serving.")
        parser.add_argument("--port", type=int, help="Port of the pages (default: 8000, else any free one).")

    def handle(self, *args: Any, **options: Any) -> None:
        end_on_signals()
        try:
            self.play(port=options["port"] or settings.PORT, once=options["once"])
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
        except (LabelyardError, AnsweredError) as error:
            raise CommandError(error.sentence) from error

    def play(self, *, port: int | None, once: bool) -> None:
        video = demo_video()
        started = time.monotonic()
        with running_stack(settings.DATA_DIR, port) as stack:
            self.say(f"{time.monotonic() - started:6.1f} s  Started Labelyard at {stack.url}")
            password = secrets.token_urlsafe(9)
            story = Story(client=demo_client(stack.url, password), say=self.say)
            task = story.play(video=video, folder=settings.DATA_DIR / "exports")
            self.say(f"{time.monotonic() - started:6.1f} s  in all")
            if once:
                return
            self.say("")
            self.say(f"Review the labels at {stack.url}/tasks/{task}/?frame={FIRST_FRAME}")
            self.say(f"Sign in as {USERNAME} with the password {password}")
            self.say("Ctrl-C stops everything.")
            stack.wait()

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


def demo_client(url: str, password: str) -> Client:
    """Make the demo's person, or give it a new password, and return a client that acts as it."""
    user, _ = User.objects.get_or_create(username=USERNAME)
    user.set_password(password)
    user.save()
    token = token_create(user=user, name="demo", days=1)
    connection.close()
    return Client(url, token.secret)

"""The Django app that runs: its management commands start and feed the workers."""

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    name = "workers"

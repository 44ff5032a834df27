"""The Django app that stores and shows."""

from django.apps import AppConfig


class LabelingConfig(AppConfig):
    name = "labeling"
    verbose_name = "Labelyard"

    def ready(self) -> None:
        from labeling import checks  # noqa: F401  (registers the system checks)

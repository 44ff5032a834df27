"""The Django app that runs: its management commands start and feed the workers."""

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    name = "workers"

    def ready(self) -> None:
        """Offer what the settings allow, and check them. No model is loaded."""
        from workers import checks  # noqa: F401  (registers itself)
        from workers.sam2 import sam2_add
        from workers.sam3 import sam3_add

        sam2_add()
        sam3_add()

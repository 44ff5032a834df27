"""What has to be there before the first process: ``python -m labeling.stack.prepare``."""

from __future__ import annotations

import django
from django.core.management import call_command


def main() -> None:
    """Bring the database to the schema of this version and gather the static files."""
    django.setup()
    call_command("check", fail_level="ERROR")
    call_command("migrate", interactive=False)
    call_command("collectstatic", interactive=False, verbosity=0)


if __name__ == "__main__":
    main()

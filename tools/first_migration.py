"""Write the first migration anew, from the models as they are: ``python -m tools.first_migration``.

Django puts every constraint and index into an operation of its own and renders the models anew for each; on
SQLite it copies the table, too. Made together with their tables they cost nothing: a new database is ready in
a fraction of the time.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import django
from django.core.management import call_command
from django.core.management.commands import makemigrations
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration
from django.db.migrations.operations.base import Operation

FOLDER = Path(__file__).resolve().parent.parent / "labeling" / "migrations"
FIRST = FOLDER / "0001_initial.py"


def folded(operations: Sequence[Operation]) -> list[Operation]:
    """Return the operations with constraints and indexes moved to where their tables are made.

    What may name a field that is only added later, as of tables that point at each other, stays where it is.
    """
    tables = {each.name_lower: each for each in operations if isinstance(each, CreateModel)}
    late = [(each.model_name_lower, each.name) for each in operations if isinstance(each, AddField)]
    kept: list[Operation] = []
    for operation in operations:
        if isinstance(operation, AddConstraint | AddIndex):
            model = operation.model_name_lower
            if not any(model == table and may_name(operation, field) for table, field in late):
                fold(operation, into=tables[model])
                continue
        kept.append(operation)
    return kept


def may_name(operation: AddConstraint | AddIndex, field: str) -> bool:
    told = operation.constraint if isinstance(operation, AddConstraint) else operation.index
    return f"'{field}" in repr(told.deconstruct())


def fold(operation: AddConstraint | AddIndex, *, into: CreateModel) -> None:
    if isinstance(operation, AddConstraint):
        into.options.setdefault("constraints", []).append(operation.constraint)
    else:
        into.options.setdefault("indexes", []).append(operation.index)


class Command(makemigrations.Command):
    """``makemigrations``, which folds what it writes."""

    def write_migration_files(
        self,
        changes: dict[str, list[Migration]],
        update_previous_migration_paths: dict[str, str] | None = None,
    ) -> None:
        for migration in changes["labeling"]:
            migration.operations = folded(migration.operations)  # type: ignore[misc]  # of the stubs only
        super().write_migration_files(changes, update_previous_migration_paths)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labeling.settings")
    django.setup()
    with tempfile.TemporaryDirectory(dir=FOLDER.parent) as aside:
        moved = [path.rename(Path(aside) / path.name) for path in sorted(FOLDER.glob("0*.py"))]
        try:
            call_command(Command(), "labeling", interactive=False)
        finally:
            for path in moved:
                if path.name != FIRST.name or not FIRST.exists():
                    path.rename(FOLDER / path.name)


if __name__ == "__main__":
    main()

"""One active job per instance, or class of a task, and overlapping range, kept by the database itself."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Instance and range as one number line: 2^24 frames (a week at 25 fps) an instance. A task and a class are
# ranges of one number each. Exclusion constraints over ranges need no extension.
POSTGRESQL = {
    "job_claims_do_not_overlap": """
ALTER TABLE labeling_jobinstance ADD CONSTRAINT job_claims_do_not_overlap
EXCLUDE USING gist (
    int8range(instance_id * 16777216 + first_frame, instance_id * 16777216 + last_frame, '[]') WITH &&
) WHERE (active);
""",
    "job_class_claims_do_not_overlap": """
ALTER TABLE labeling_jobclass ADD CONSTRAINT job_class_claims_do_not_overlap
EXCLUDE USING gist (
    int8range(task_id, task_id, '[]') WITH &&,
    int8range(object_class_id, object_class_id, '[]') WITH &&,
    int8range(first_frame::bigint, last_frame::bigint, '[]') WITH &&
) WHERE (active);
""",
}
TABLES = {
    "job_claims_do_not_overlap": "labeling_jobinstance",
    "job_class_claims_do_not_overlap": "labeling_jobclass",
}
SAME = {
    "job_claims_do_not_overlap": "other.instance_id = NEW.instance_id",
    "job_class_claims_do_not_overlap": (
        "other.task_id = NEW.task_id AND other.object_class_id = NEW.object_class_id"
    ),
}

SQLITE = """
CREATE TRIGGER {name}_{event} BEFORE {event} ON {table}
WHEN NEW.active AND EXISTS (
    SELECT 1 FROM {table} AS other
    WHERE {same} AND other.active AND other.id IS NOT NEW.id
      AND other.first_frame <= NEW.last_frame AND other.last_frame >= NEW.first_frame
)
BEGIN
    SELECT RAISE(ABORT, '{name}');
END;
"""


def forwards(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name, table in TABLES.items():
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(POSTGRESQL[name])
            continue
        for event in ("INSERT", "UPDATE"):
            schema_editor.execute(SQLITE.format(name=name, event=event, table=table, same=SAME[name]))


def backwards(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name, table in TABLES.items():
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            continue
        for event in ("INSERT", "UPDATE"):
            schema_editor.execute(f"DROP TRIGGER {name}_{event}")


class Migration(migrations.Migration):
    dependencies = [("labeling", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]

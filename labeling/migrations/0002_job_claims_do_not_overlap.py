"""One active job per instance and overlapping range, kept by the database itself."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Instance and range as one number line: 2^24 frames (a week at 25 fps) an instance. An exclusion
# constraint over a single range needs no extension.
POSTGRESQL = """
ALTER TABLE labeling_jobinstance ADD CONSTRAINT job_claims_do_not_overlap
EXCLUDE USING gist (
    int8range(instance_id * 16777216 + first_frame, instance_id * 16777216 + last_frame, '[]') WITH &&
) WHERE (active);
"""

SQLITE = """
CREATE TRIGGER job_claims_do_not_overlap_{event} BEFORE {event} ON labeling_jobinstance
WHEN NEW.active AND EXISTS (
    SELECT 1 FROM labeling_jobinstance AS other
    WHERE other.instance_id = NEW.instance_id AND other.active AND other.id IS NOT NEW.id
      AND other.first_frame <= NEW.last_frame AND other.last_frame >= NEW.first_frame
)
BEGIN
    SELECT RAISE(ABORT, 'job_claims_do_not_overlap');
END;
"""


def forwards(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
        return
    for event in ("INSERT", "UPDATE"):
        schema_editor.execute(SQLITE.format(event=event))


def backwards(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE labeling_jobinstance DROP CONSTRAINT job_claims_do_not_overlap")
        return
    for event in ("INSERT", "UPDATE"):
        schema_editor.execute(f"DROP TRIGGER job_claims_do_not_overlap_{event}")


class Migration(migrations.Migration):
    dependencies = [("labeling", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]

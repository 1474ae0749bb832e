"""Audit rows and seals can be added, never changed or removed."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit trail is append-only (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""
TRIGGER = """
CREATE TRIGGER kernel_append_only BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
CREATE TRIGGER kernel_append_only_all BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();
"""
DROP = """
DROP TRIGGER kernel_append_only ON {table};
DROP TRIGGER kernel_append_only_all ON {table};
"""
TABLES = ("kernel_auditrow", "kernel_auditseal")


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION kernel_refuse_change();"),
        *(migrations.RunSQL(TRIGGER.format(table=t), DROP.format(table=t)) for t in TABLES),
    ]

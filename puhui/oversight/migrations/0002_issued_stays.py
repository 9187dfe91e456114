from django.db import migrations

GUARD = """
CREATE FUNCTION oversight_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an issued bulletin stays as it is' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER bulletin_issued_stays BEFORE UPDATE OR DELETE ON oversight_bulletin
  FOR EACH ROW WHEN (OLD.state = 'issued') EXECUTE FUNCTION oversight_stays();
CREATE TRIGGER bulletin_file_stays BEFORE UPDATE OR DELETE ON oversight_bulletinfile
  FOR EACH ROW EXECUTE FUNCTION oversight_stays();
"""
BACK = """
DROP TRIGGER bulletin_issued_stays ON oversight_bulletin;
DROP TRIGGER bulletin_file_stays ON oversight_bulletinfile;
DROP FUNCTION oversight_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, BACK)]

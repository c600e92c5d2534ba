"""What was signed, published or confirmed never changes."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION plans_version_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'plan version % is kept', OLD.number USING ERRCODE = '23001';
  END IF;
  IF NEW.state = 'draft' AND OLD.state IN ('in_review', 'approved') THEN
    RETURN NEW;
  END IF;
  IF (NEW.frozen, NEW.content_hash, NEW.number, NEW.plan_id, NEW.map_version_id, NEW.facts)
     IS DISTINCT FROM
     (OLD.frozen, OLD.content_hash, OLD.number, OLD.plan_id, OLD.map_version_id, OLD.facts) THEN
    RAISE EXCEPTION 'plan version % is frozen and never changes', OLD.number USING ERRCODE = '23001';
  END IF;
  IF OLD.state IN ('published', 'superseded', 'withdrawn')
     AND NEW.in_force_from IS DISTINCT FROM OLD.in_force_from THEN
    RAISE EXCEPTION 'the date of plan version % never changes', OLD.number USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER plans_version_is_fixed BEFORE UPDATE OR DELETE ON plans_planversion
  FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION plans_version_is_fixed();

CREATE FUNCTION plans_part_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE part record;
BEGIN
  IF TG_OP = 'DELETE' THEN part := OLD; ELSE part := NEW; END IF;
  IF EXISTS (SELECT 1 FROM plans_planversion v WHERE v.id = part.version_id AND v.state <> 'draft') THEN
    RAISE EXCEPTION 'this plan version is frozen' USING ERRCODE = '23001';
  END IF;
  RETURN part;
END $$;
CREATE TRIGGER plans_section_is_fixed BEFORE INSERT OR UPDATE OR DELETE ON plans_section
  FOR EACH ROW EXECUTE FUNCTION plans_part_is_fixed();
CREATE TRIGGER plans_role_is_fixed BEFORE INSERT OR UPDATE OR DELETE ON plans_roleassignment
  FOR EACH ROW EXECUTE FUNCTION plans_part_is_fixed();

CREATE FUNCTION plans_copy_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND TG_ARGV[0] <> '' THEN
    IF (to_jsonb(NEW) - TG_ARGV[0]) = (to_jsonb(OLD) - TG_ARGV[0])
       AND to_jsonb(OLD) -> TG_ARGV[0] = 'null'::jsonb THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION '% % is kept as it is', TG_TABLE_NAME, OLD.id USING ERRCODE = '23001';
END $$;
CREATE TRIGGER plans_publication_is_fixed BEFORE UPDATE OR DELETE ON plans_publication
  FOR EACH ROW EXECUTE FUNCTION plans_copy_is_fixed('withdrawn_at');
CREATE TRIGGER plans_approval_is_fixed BEFORE UPDATE OR DELETE ON plans_approval
  FOR EACH ROW EXECUTE FUNCTION plans_copy_is_fixed('lapsed_at');
CREATE TRIGGER plans_sheet_is_fixed BEFORE UPDATE OR DELETE ON plans_contactsheetcopy
  FOR EACH ROW EXECUTE FUNCTION plans_copy_is_fixed('');
"""
BACKWARD = """
DROP TRIGGER plans_sheet_is_fixed ON plans_contactsheetcopy;
DROP TRIGGER plans_approval_is_fixed ON plans_approval;
DROP TRIGGER plans_publication_is_fixed ON plans_publication;
DROP FUNCTION plans_copy_is_fixed();
DROP TRIGGER plans_role_is_fixed ON plans_roleassignment;
DROP TRIGGER plans_section_is_fixed ON plans_section;
DROP FUNCTION plans_part_is_fixed();
DROP TRIGGER plans_version_is_fixed ON plans_planversion;
DROP FUNCTION plans_version_is_fixed();
"""


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

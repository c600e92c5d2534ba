"""A published map version, its levels and its features never change."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION maps_version_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'map version % is published and never changes', OLD.number USING ERRCODE = '23001';
END $$;
CREATE TRIGGER maps_version_is_fixed BEFORE UPDATE OR DELETE ON maps_mapversion
  FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION maps_version_is_fixed();
CREATE FUNCTION maps_part_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE part record;
BEGIN
  IF TG_OP = 'DELETE' THEN part := OLD; ELSE part := NEW; END IF;
  IF EXISTS (SELECT 1 FROM maps_mapversion v WHERE v.id = part.version_id AND v.state = 'published') THEN
    RAISE EXCEPTION 'a part of a published map version never changes' USING ERRCODE = '23001';
  END IF;
  RETURN part;
END $$;
CREATE TRIGGER maps_level_is_fixed BEFORE INSERT OR UPDATE OR DELETE ON maps_maplevel
  FOR EACH ROW EXECUTE FUNCTION maps_part_is_fixed();
CREATE TRIGGER maps_feature_is_fixed BEFORE INSERT OR UPDATE OR DELETE ON maps_mapfeature
  FOR EACH ROW EXECUTE FUNCTION maps_part_is_fixed();
"""
BACKWARD = """
DROP TRIGGER maps_feature_is_fixed ON maps_mapfeature;
DROP TRIGGER maps_level_is_fixed ON maps_maplevel;
DROP FUNCTION maps_part_is_fixed();
DROP TRIGGER maps_version_is_fixed ON maps_mapversion;
DROP FUNCTION maps_version_is_fixed();
"""


class Migration(migrations.Migration):
    dependencies = [("maps", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

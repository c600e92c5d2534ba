"""Keep the outbox quick while its tables are new, large and not analyzed yet.

The wall asks of each Attempt and text whether its delivery is of its district. Where the planner
knows nothing of the table it takes the index on the district for that, and then reads all rows of
the district for each new one: with the id as second column it reads one. An Attempt is written and
changed once: with room in its page the change rewrites no index.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notifications", "0005_recorded_call_once")]

    operations = [
        migrations.RunSQL(
            "DROP INDEX notifications_delivery_district_id_116eb50c;"
            " CREATE INDEX notifications_delivery_district_id_116eb50c"
            " ON notifications_delivery (district_id, id)",
            "DROP INDEX notifications_delivery_district_id_116eb50c;"
            " CREATE INDEX notifications_delivery_district_id_116eb50c"
            " ON notifications_delivery (district_id)",
        ),
        migrations.RunSQL(
            "ALTER TABLE notifications_attempt SET (fillfactor = 45)",
            "ALTER TABLE notifications_attempt RESET (fillfactor)",
        ),
    ]

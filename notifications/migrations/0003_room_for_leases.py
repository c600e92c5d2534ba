"""Leave room in each page of the queue, so that renewing a lease rewrites no index."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_delivery_moments")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE notifications_delivery SET (fillfactor = 50,"
            " autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)",
            "ALTER TABLE notifications_delivery RESET (fillfactor,"
            " autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)",
        )
    ]

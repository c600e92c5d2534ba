from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("drills", "0002_invitations")]

    operations = [
        migrations.RunSQL(
            "UPDATE drills_drill SET conductor_user_id = member.user_id"
            " FROM directory_membership member"
            " WHERE member.id = drills_drill.conductor_id AND conductor_user_id IS NULL",
            migrations.RunSQL.noop,
        )
    ]

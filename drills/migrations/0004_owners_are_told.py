from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("drills", "0003_conductor_users")]

    operations = [
        migrations.AddField(
            model_name="correctiveaction",
            name="reminded_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="correctiveaction",
            name="overdue_told_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]

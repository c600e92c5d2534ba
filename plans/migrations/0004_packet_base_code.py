"""The code that stands in the QR code of a printed packet."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the code; a base made before is made anew by its tick."""

    dependencies: ClassVar = [("plans", "0003_section_and_block_keys")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="packetbase",
            name="code",
            field=models.CharField(default="", max_length=8, unique=True),
            preserve_default=False,
        ),
    ]

"""Who added a group of synonyms and when it was withdrawn."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds columns; no row is touched."""

    dependencies = (("catalog", "0005_pull_sources"),)

    operations = (
        migrations.AddField("synonym", "valid_to", models.DateField(null=True)),
        migrations.AddField("synonym", "added_by", models.JSONField(default=dict)),
        migrations.AddField("synonym", "at", models.DateTimeField(null=True)),
    )

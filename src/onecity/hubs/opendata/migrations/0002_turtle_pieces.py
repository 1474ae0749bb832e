"""The DCAT piece of a dataset, written when it changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the column; pieces are written with the next change of each dataset."""

    dependencies = (("opendata", "0001_initial"),)

    operations = (
        migrations.AddField("dataset", "turtle", models.TextField(blank=True, default=""), preserve_default=False),
    )

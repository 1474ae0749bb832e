"""The portal searches by the catalogue's words: the text search column goes, the words as text come.

They are written with the next change of each dataset; until then they are assembled when the index is read.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Changes columns and an index; no row is touched."""

    dependencies = (("opendata", "0002_turtle_pieces"),)

    operations = (
        migrations.RemoveIndex("dataset", "opendata_dataset_words"),
        migrations.RemoveField("dataset", "words"),
        migrations.AddField("dataset", "found_by", models.TextField(blank=True, default=""), preserve_default=False),
    )

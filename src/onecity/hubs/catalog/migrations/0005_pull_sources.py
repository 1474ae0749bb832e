import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0004_arrivals_and_fronts"),
    ]

    operations = [
        migrations.RemoveField(model_name="pullsource", name="connection"),
        migrations.AddField("pullsource", "address", models.TextField(default=""), preserve_default=False),
        migrations.AddField(
            "pullsource", "shown", models.CharField(default="", max_length=200), preserve_default=False
        ),
        migrations.AddField("pullsource", "every_minutes", models.PositiveIntegerField(default=60)),
        migrations.AddField(
            "pullsource",
            "next_at",
            models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField("pullsource", "last_hash", models.CharField(blank=True, max_length=16)),
        migrations.AddField("pullsource", "last_rows", models.BigIntegerField(default=0)),
        migrations.AddField("pullsource", "failed", models.BooleanField(default=False)),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registers", "0003_entity_resolution")]

    operations = [
        migrations.CreateModel(
            name="ResolutionSplit",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("entity", models.UUIDField(db_index=True)),
                ("records", models.JSONField()),
                ("reason", models.CharField(max_length=400)),
                ("state", models.CharField(db_index=True, max_length=12)),
                ("first", models.JSONField()),
                ("first_account", models.UUIDField(null=True)),
                ("first_at", models.DateTimeField()),
                ("second", models.JSONField(null=True)),
                ("second_account", models.UUIDField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("act", models.UUIDField(null=True)),
                ("item", models.UUIDField(null=True)),
            ],
        ),
    ]

"""Workers of the gateway with their leases, alarms, how far each chain was shipped, inner nodes of big roots, facts of consents."""

from django.db import migrations, models

import onecity.kernel.ids


class Migration(migrations.Migration):
    """See the module."""

    dependencies = (("exchange", "0001_initial"),)

    operations = (
        migrations.AddField("proofchain", "shipped_seq", models.BigIntegerField(default=0)),
        migrations.AddField("proofchain", "node", models.CharField(blank=True, max_length=32)),
        migrations.AddField("proofroot", "nodes", models.BinaryField(default=bytes)),
        migrations.AddField("client", "thumbprint", models.CharField(blank=True, max_length=64)),
        migrations.AlterField("client", "public_key", models.TextField(blank=True)),
        migrations.CreateModel(
            name="GatewayWorker",
            fields=[
                ("id", models.UUIDField(default=onecity.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("node", models.CharField(max_length=32)),
                ("slot", models.IntegerField()),
                ("process", models.IntegerField()),
                ("seen_version", models.BigIntegerField(default=0)),
                ("lease_until", models.DateTimeField()),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="GatewayAlarm",
            fields=[
                ("id", models.UUIDField(default=onecity.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=20)),
                ("interface", models.CharField(max_length=64)),
                ("consumer", models.CharField(max_length=18)),
                ("consumer_name", models.CharField(max_length=120)),
                ("client", models.CharField(max_length=36)),
                ("grant_id", models.CharField(max_length=36)),
                ("calls", models.IntegerField()),
                ("misses", models.IntegerField()),
                ("seconds", models.IntegerField()),
                ("told", models.BooleanField(default=False)),
            ],
            options={"indexes": [models.Index(fields=["told", "at"], name="exchange_alarm_new")]},
        ),
        migrations.RunSQL(
            "INSERT INTO exchange_snapshotversion (id, version) VALUES (2, 1) ON CONFLICT DO NOTHING",
            migrations.RunSQL.noop,
        ),
    )

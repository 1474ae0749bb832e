"""Keys, allowances shared by all processes, counts by day, and crawlers that were slowed."""

from django.db import models

from onecity.kernel.ids import new_id


class ApiKey(models.Model):
    """A key is kept as its digest; the secret is shown once."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.UUIDField(db_index=True)
    owner = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    hint = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    per_minute = models.IntegerField()
    per_day = models.IntegerField()
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)


class Allowance(models.Model):
    """How much of an allowance a window has seen: `subject` names key or address and kind, `window` its Unix start."""

    id = models.BigAutoField(primary_key=True)
    subject = models.CharField(max_length=120)
    window = models.BigIntegerField()
    used = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["subject", "window"], name="opendata_allowance_once"),)
        indexes = (models.Index(fields=["window"], name="opendata_allowance_window"),)


class UsageDay(models.Model):
    """Downloads, calls and views of one dataset on one city day. `channel` is the format, `api` or `page`."""

    id = models.BigAutoField(primary_key=True)
    dataset = models.CharField(max_length=60)
    day = models.DateField()
    channel = models.CharField(max_length=10)
    count = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["dataset", "day", "channel"], name="opendata_usage_once"),)
        indexes = (models.Index(fields=["day"], name="opendata_usage_day"),)


class KeyDay(models.Model):
    """Calls of one key on one city day."""

    id = models.BigAutoField(primary_key=True)
    key_id = models.UUIDField()
    day = models.DateField()
    calls = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["key_id", "day"], name="opendata_keyday_once"),)


class Crawl(models.Model):
    """Somebody walked through a dataset by enumerated ids and was slowed; one row a window."""

    id = models.BigAutoField(primary_key=True)
    who = models.CharField(max_length=120)
    dataset = models.CharField(max_length=60)
    window = models.BigIntegerField()
    calls = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["who", "dataset", "window"], name="opendata_crawl_once"),)

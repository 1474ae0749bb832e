"""Where data come from by themselves: front databases read from here, agents that send, what they say they have, lineage."""

from django.db import models

from onecity.kernel.ids import new_id


class PullSource(models.Model):
    """A front database in this zone, read from here. `address` is sealed; `shown` says where without user and password.

    `columns`: item → column there, {} = of the same names. `last_hash`: digest of what was read last, to tell "nothing new".
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    resource = models.CharField(max_length=60, unique=True)
    address = models.TextField()
    shown = models.CharField(max_length=200)
    relation = models.CharField(max_length=120)
    columns = models.JSONField(default=dict)
    watermark = models.CharField(max_length=60, blank=True)
    keys = models.JSONField(default=list)
    every_minutes = models.PositiveIntegerField(default=60)
    next_at = models.DateTimeField()
    last_value = models.CharField(max_length=60, blank=True)
    last_hash = models.CharField(max_length=16, blank=True)
    last_at = models.DateTimeField(null=True)
    last_rows = models.BigIntegerField(default=0)
    last_text = models.TextField(blank=True)
    failed = models.BooleanField(default=False)
    paused = models.BooleanField(default=False)


class Agent(models.Model):
    """A front machine（前置机）that sends for a provider. `sequence`: the last batch taken in; `digest`: its chain."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=60, unique=True)
    provider = models.CharField(max_length=18)
    public_key = models.TextField()
    resources = models.JSONField(default=list)
    sequence = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    seen_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()


class AgentBatch(models.Model):
    """One batch that was taken in, or refused with the reason."""

    id = models.UUIDField(primary_key=True, default=new_id)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="batches")
    sequence = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    resource = models.CharField(max_length=60, blank=True)
    digest = models.CharField(max_length=64)
    rows = models.BigIntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    arrival_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["agent", "sequence"], name="catalog_agent_batch_once"),)


class Reconciliation(models.Model):
    """What a front database said it holds, beside what lies here. `matches` null = nothing has arrived yet."""

    id = models.UUIDField(primary_key=True, default=new_id)
    resource = models.CharField(max_length=60)
    source = models.CharField(max_length=60)
    front_rows = models.BigIntegerField()
    front_hash = models.CharField(max_length=64)
    front_latest = models.CharField(max_length=60, blank=True)
    here_rows = models.BigIntegerField(default=0)
    here_hash = models.CharField(max_length=64, blank=True)
    here_latest = models.CharField(max_length=60, blank=True)
    held_rows = models.BigIntegerField(default=0)
    matches = models.BooleanField(null=True)
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["resource", "-at"], name="catalog_reconciled"),)


class RowHash(models.Model):
    """Digest of a delivered row by the digest of its key, for reconciling increments. Cannot be turned back into a row."""

    id = models.BigAutoField(primary_key=True)
    resource = models.CharField(max_length=60)
    key = models.BigIntegerField()
    row = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["resource", "key"], name="catalog_row_hash_once"),)


class Lateness(models.Model):
    """An alarm that stands until data arrive: a resource older than its cycle."""

    id = models.UUIDField(primary_key=True, default=new_id)
    resource = models.CharField(max_length=60)
    as_of = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    work_item = models.UUIDField(null=True)
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["resource"], condition=models.Q(ended_at=None), name="catalog_lateness_open_once"
            ),
        )


class LineageEvent(models.Model):
    """One OpenLineage run event. `inputs` and `outputs` are names for finding; the event is whole in `event`."""

    id = models.BigAutoField(primary_key=True)
    run_id = models.UUIDField()
    job = models.CharField(max_length=120)
    inputs = models.JSONField(default=list)
    outputs = models.JSONField(default=list)
    event = models.JSONField()
    at = models.DateTimeField(db_index=True)

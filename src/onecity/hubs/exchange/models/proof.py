"""The proof log, and the gateway's workers that write most of it.

Records are written by the proof writer of a Django process, or shipped from the log files of gateway workers; read by verification
and by the persons concerned.
"""

from django.db import models

from onecity.kernel.ids import new_id


class ProofChain(models.Model):
    """One writer's chain: begins with its connection, ends with it. Its first record stands on a hash of the chain's id."""

    id = models.CharField(primary_key=True, max_length=36)
    process = models.CharField(max_length=80)
    began_at = models.DateTimeField()
    sealed_seq = models.BigIntegerField(default=0)
    sealed_head = models.CharField(max_length=64, blank=True)
    shipped_seq = models.BigIntegerField(default=0)
    node = models.CharField(max_length=32, blank=True)


class ProofRecord(models.Model):
    """One access or refusal; see rules/proof.py for what the hash covers."""

    id = models.UUIDField(primary_key=True, default=new_id)
    at = models.DateTimeField()
    kind = models.CharField(max_length=10)
    outcome = models.CharField(max_length=60)
    interface = models.CharField(max_length=64)
    interface_name = models.CharField(max_length=120)
    consumer = models.CharField(max_length=18)
    consumer_name = models.CharField(max_length=120)
    provider = models.CharField(max_length=18)
    provider_name = models.CharField(max_length=120)
    who = models.CharField(max_length=120)
    actor = models.CharField(max_length=64)
    subject = models.CharField(max_length=64)
    purpose = models.CharField(max_length=200)
    matter = models.CharField(max_length=80)
    basis = models.CharField(max_length=20)
    legal_basis = models.TextField()
    grant_id = models.CharField(max_length=36)
    consent_id = models.CharField(max_length=36)
    fields = models.JSONField()
    rows = models.IntegerField()
    answer_hash = models.CharField(max_length=64)
    as_of = models.CharField(max_length=40)
    milliseconds = models.IntegerField()
    subjects_root = models.CharField(max_length=64)
    chain = models.CharField(max_length=36)
    seq = models.BigIntegerField()
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["chain", "seq"], name="exchange_proof_place"),)
        indexes = (
            models.Index(fields=["subject", "-at"], name="exchange_proof_subject"),
            models.Index(fields=["provider", "-at"], name="exchange_proof_provider"),
        )


class ProofRoot(models.Model):
    """A minute's root: signed, stamped, chained to the root before."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    prev = models.CharField(max_length=64)
    count = models.BigIntegerField()
    spans = models.JSONField()
    records_root = models.CharField(max_length=64)
    heads_root = models.CharField(max_length=64)
    key_id = models.CharField(max_length=64)
    signature = models.TextField()
    stamp = models.JSONField()
    nodes = models.BinaryField(default=bytes)


class GatewayWorker(models.Model):
    """One gateway process. It answers calls only while its lease runs, and renews it only with the newest facts in hand.

    `seen_version` = version of the facts it judges by; `lease_until` by the database's clock.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    node = models.CharField(max_length=32)
    slot = models.IntegerField()
    process = models.IntegerField()
    seen_version = models.BigIntegerField(default=0)
    lease_until = models.DateTimeField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class GatewayAlarm(models.Model):
    """Something a gateway worker noticed: a caller that enumerates numbers. `told` = the event went out."""

    id = models.UUIDField(primary_key=True, default=new_id)
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    interface = models.CharField(max_length=64)
    consumer = models.CharField(max_length=18)
    consumer_name = models.CharField(max_length=120)
    client = models.CharField(max_length=36)
    grant_id = models.CharField(max_length=36)
    calls = models.IntegerField()
    misses = models.IntegerField()
    seconds = models.IntegerField()
    told = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["told", "at"], name="exchange_alarm_new"),)

"""The proof log. Written by the proof writer alone, on its own connection; read by verification and by the persons concerned."""

from django.db import models

from onecity.kernel.ids import new_id


class ProofChain(models.Model):
    """One writer's chain: begins with its connection, ends with it. Its first record stands on a hash of the chain's id."""

    id = models.CharField(primary_key=True, max_length=36)
    process = models.CharField(max_length=80)
    began_at = models.DateTimeField()
    sealed_seq = models.BigIntegerField(default=0)
    sealed_head = models.CharField(max_length=64, blank=True)


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

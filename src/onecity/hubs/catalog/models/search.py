"""What searching stands on: one assembled document an entry, postings of the last great building, synonyms."""

from django.db import models
from django.db.models.expressions import RawSQL


class _TransactionId(models.BigIntegerField):
    """PostgreSQL's own number of the writing transaction; a reader asks for all above the oldest one still running."""


class SearchDocument(models.Model):
    """A published entry as it is found and shown. `body`: the answer's JSON, ready; `tx`: who wrote it, for readers that follow."""

    n = models.IntegerField(primary_key=True)
    key = models.CharField(max_length=60, unique=True)
    tx = _TransactionId(db_default=RawSQL("(pg_current_xact_id()::text)::bigint", ()), db_index=True)
    shown = models.BooleanField()
    name = models.TextField()
    middle = models.TextField()
    tail = models.TextField()
    pinyin = models.TextField()
    body = models.TextField()
    provider = models.CharField(max_length=18)
    provider_name = models.CharField(max_length=120)
    category = models.CharField(max_length=3)
    share = models.CharField(max_length=20)
    open = models.CharField(max_length=20)
    cycle = models.CharField(max_length=20)
    level = models.CharField(max_length=20)
    supply = models.CharField(max_length=10)
    topics = models.IntegerField(default=0)
    late_on = models.IntegerField(default=0)
    uses = models.IntegerField(default=0)
    updated = models.IntegerField(default=0)

    class Meta:
        db_table = "catalog_searchdocument"


class SearchPosting(models.Model):
    """Places of one token in one building, four bytes each."""

    id = models.BigAutoField(primary_key=True)
    building = models.IntegerField()
    token = models.TextField()
    places = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["building", "token"], name="catalog_posting_once"),)


class SearchBuilding(models.Model):
    """A finished building of postings. It holds every document written below `cursor`; later ones are read as they are."""

    id = models.AutoField(primary_key=True)
    cursor = models.BigIntegerField()
    documents = models.IntegerField()
    at = models.DateTimeField()


class Synonym(models.Model):
    """Words that mean the same to those who search, as the bureau adds them to the list of the house. Withdrawn, never deleted."""

    id = models.BigAutoField(primary_key=True)
    words = models.JSONField()
    source = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    added_by = models.JSONField(default=dict)
    at = models.DateTimeField(null=True)

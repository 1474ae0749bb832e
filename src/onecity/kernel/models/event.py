"""The event log, the cursors of its subscribers, and what could not be delivered."""

from django.db import models
from django.db.models.expressions import RawSQL

from onecity.kernel.ids import new_id


class TransactionId(models.Field):  # type: ignore[type-arg]
    """PostgreSQL's xid8, read as text so that nothing is lost above 2^63."""

    def db_type(self, connection: object) -> str:
        """Column type (PostgreSQL 13+)."""
        return "xid8"


class EventRow(models.Model):
    """One fact. `transaction` lets subscribers wait until every older transaction has ended."""

    sequence = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=new_id, unique=True)
    transaction = TransactionId(db_default=RawSQL("pg_current_xact_id()", ()))
    at = models.DateTimeField()
    topic = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    payload = models.JSONField()
    actor = models.JSONField()

    class Meta:
        indexes = (models.Index(fields=["transaction", "sequence"], name="kernel_event_order"),)


class EventCursor(models.Model):
    """How far a subscriber has come, in the order (transaction, sequence)."""

    subscriber = models.CharField(primary_key=True, max_length=120)
    transaction = TransactionId()
    sequence = models.BigIntegerField(default=0)


class DeadLetter(models.Model):
    """An event a subscriber failed on; later events of the same key are parked behind it so that order holds."""

    id = models.UUIDField(primary_key=True, default=new_id)
    subscriber = models.CharField(max_length=120)
    event_id = models.UUIDField()
    sequence = models.BigIntegerField()
    topic = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    error = models.TextField()
    attempts = models.IntegerField(default=0)
    retry_at = models.DateTimeField()
    first_failed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["subscriber", "event_id"], name="kernel_deadletter_once"),)
        indexes = (models.Index(fields=["subscriber", "key"], name="kernel_deadletter_key"),)

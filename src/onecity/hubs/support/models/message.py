"""Messages, their texts, and the outbox of short messages with receipts."""

from django.db import models
from django.db.models import Q

from onecity.kernel.ids import new_id


class MessageTemplate(models.Model):
    """One declared text. Keyed (pack, key); a vanished one gets `valid_to`."""

    id = models.UUIDField(primary_key=True, default=new_id)
    pack = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    body_zh = models.TextField()
    body_en = models.TextField(blank=True)
    sms = models.CharField(max_length=500, blank=True)
    signature = models.CharField(max_length=12, blank=True)
    personal = models.JSONField(default=list)
    urgent = models.BooleanField(default=False)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack", "key"], name="support_message_template")]


class Message(models.Model):
    """One message in somebody's inbox; `subject` or `account_id` names the recipient. Data hold what filled the
    text.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    template = models.CharField(max_length=120)
    subject = models.CharField(max_length=32, blank=True)
    account_id = models.UUIDField(null=True)
    title_zh = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    body_zh = models.TextField()
    body_en = models.TextField(blank=True)
    matter_number = models.CharField(max_length=60, blank=True)
    link = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    once_key = models.CharField(max_length=200, null=True, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-sent_at"], name="support_message_subject"),
            models.Index(fields=["account_id", "-sent_at"], name="support_message_account"),
            models.Index(fields=["subject"], condition=Q(read_at=None), name="support_message_unread"),
        ]


class SmsOut(models.Model):
    """One outgoing short message and its receipt. The mobile number is looked up when it leaves, never kept in full."""

    id = models.UUIDField(primary_key=True, default=new_id)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="sms")
    text = models.CharField(max_length=700)
    to_masked = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, default="queued")
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    carrier_reference = models.CharField(max_length=80, blank=True)
    error = models.CharField(max_length=200, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["not_before"], condition=Q(state="queued"), name="support_sms_queued"),
            models.Index(fields=["updated_at"], condition=Q(state="sent"), name="support_sms_sent"),
        ]


class SmsRule(models.Model):
    """The city's rule for short messages: signature and quiet hours, time-valid, with its source."""

    id = models.UUIDField(primary_key=True, default=new_id)
    signature = models.CharField(max_length=12)
    quiet_from = models.TimeField()
    quiet_to = models.TimeField()
    source = models.CharField(max_length=200)
    valid_from = models.DateField(unique=True)


class SmsTwin(models.Model):
    """The recorded twin of a carrier: what it was given, once per reference."""

    reference = models.CharField(max_length=60, primary_key=True)
    mobile_masked = models.CharField(max_length=20)
    text = models.CharField(max_length=700)
    state = models.CharField(max_length=10)
    taken_at = models.DateTimeField(auto_now_add=True)

"""The levels above this city: what was reported, what they offer, what was subscribed, what flowed back."""

from django.db import models

from onecity.kernel.ids import new_id


class Superior(models.Model):
    """One upper level. `kind` twin or node; `identity` is the number we sign with there, `public_key` what it answers with.

    `handler`: the organisation here that keeps the line (the data bureau). `again_at`: not asked before (an outage, a silence).
    """

    key = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=120)
    level = models.CharField(max_length=20)
    kind = models.CharField(max_length=10)
    address = models.CharField(max_length=200)
    gateway = models.CharField(max_length=200, blank=True)
    identity = models.CharField(max_length=40, blank=True)
    public_key = models.TextField(blank=True)
    handler = models.CharField(max_length=60)
    outage = models.CharField(max_length=11, blank=True)
    offers_cursor = models.CharField(max_length=200, blank=True)
    downflow_cursor = models.CharField(max_length=200, blank=True)
    quota_per_day = models.IntegerField(default=0)
    used_there = models.IntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)
    expected_at = models.DateTimeField(null=True)
    again_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    connected_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class Report(models.Model):
    """A published entry as it was reported; `answered_digest` is the edition the state speaks of."""

    id = models.BigAutoField(primary_key=True)
    superior = models.ForeignKey(Superior, on_delete=models.CASCADE, related_name="reports")
    resource = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    answered_digest = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=20)
    reasons = models.JSONField(default=list)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["superior", "resource"], name="exchange_report_once"),)
        indexes = (models.Index(fields=["superior", "state"], name="exchange_report_state"),)


class SuperiorOffer(models.Model):
    """What an upper level offers, as its feed last said."""

    id = models.BigAutoField(primary_key=True)
    superior = models.ForeignKey(Superior, on_delete=models.CASCADE, related_name="offers")
    remote = models.CharField(max_length=64)
    resource = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    provider_name = models.CharField(max_length=120, blank=True)
    key_field = models.CharField(max_length=60)
    entry = models.JSONField()
    fields = models.JSONField()
    modes = models.JSONField(default=list)
    withdrawn = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["superior", "remote"], name="exchange_offer_once"),)


class Subscription(models.Model):
    """A resource above that was asked for. `consumer` is the organisation here it is wanted by (a key or a credit code)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    superior = models.ForeignKey(Superior, on_delete=models.CASCADE, related_name="subscriptions")
    remote = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    fields = models.JSONField()
    purpose = models.CharField(max_length=200)
    reason_given = models.TextField(blank=True)
    consumer = models.CharField(max_length=60)
    consumer_name = models.CharField(max_length=120, blank=True)
    quota_per_day = models.IntegerField(default=0)
    state = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    valid_to = models.DateField(null=True)
    asked_by = models.JSONField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["superior", "state"], name="exchange_subscription_state"),)


class Downflow(models.Model):
    """A batch that came down; kept whatever became of it. `told_at`: the upper level knows."""

    id = models.BigAutoField(primary_key=True)
    superior = models.ForeignKey(Superior, on_delete=models.CASCADE, related_name="downflows")
    remote = models.CharField(max_length=80)
    resource = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    as_of = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=20)
    text = models.TextField(blank=True)
    arrival = models.UUIDField(null=True)
    version = models.IntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    rows_bad = models.BigIntegerField(default=0)
    attempts = models.IntegerField(default=1)
    received_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["superior", "remote"], name="exchange_downflow_once"),)

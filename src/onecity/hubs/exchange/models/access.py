"""Requests, grants and the day's counters."""

from django.db import models

from onecity.kernel.ids import new_id


class AccessRequest(models.Model):
    """A consumer asks a provider for an interface. Packs ask as well (`pack`, `consumer_key`).

    `terms`: ways of delivery, limits of rows, masks and what else a grant may say beside fields, quota and period.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    pack = models.CharField(max_length=60, blank=True)
    consumer_key = models.CharField(max_length=60, blank=True)
    interface = models.CharField(max_length=64)
    interface_name = models.CharField(max_length=120, blank=True)
    provider = models.CharField(max_length=18, blank=True)
    provider_name = models.CharField(max_length=120, blank=True)
    consumer = models.CharField(max_length=18, blank=True)
    consumer_name = models.CharField(max_length=120, blank=True)
    fields = models.JSONField()
    purpose = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    basis = models.CharField(max_length=20)
    legal_basis = models.TextField(blank=True)
    quota_per_day = models.IntegerField(default=0)
    terms = models.JSONField(default=dict)
    valid_from = models.DateField()
    valid_to = models.DateField()
    state = models.CharField(max_length=20)
    refusal = models.CharField(max_length=40, blank=True)
    opinion = models.TextField(blank=True)
    asked_by = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    work_item = models.UUIDField(null=True)
    tied_kind = models.CharField(max_length=20, blank=True)
    tied_to = models.CharField(max_length=120, blank=True)
    checked_at = models.DateTimeField(null=True)
    supplement = models.TextField(blank=True)
    supplement_at = models.DateTimeField(null=True)
    supplemented_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    supply_due_at = models.DateTimeField(null=True)
    supply_note = models.CharField(max_length=200, blank=True)
    supplied_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["provider", "state"], name="exchange_request_desk"),
            models.Index(fields=["state", "due_at"], name="exchange_request_clock"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["pack", "consumer_key", "interface", "purpose"], condition=~models.Q(pack=""),
                name="exchange_request_of_pack",
            ),
        )  # fmt: skip


class Grant(models.Model):
    """What a consumer may do. `quota_per_day` and `rate_per_second` 0 = unlimited; `valid_to` is the last day.

    `modes` [] = the interface's own; `rows_limit` {item: [values]}; an emergency grant ends at `ends_at` and is reported afterwards.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    request = models.OneToOneField(AccessRequest, on_delete=models.PROTECT, related_name="grant")
    interface = models.CharField(max_length=64)
    consumer = models.CharField(max_length=18)
    consumer_name = models.CharField(max_length=120, blank=True)
    provider = models.CharField(max_length=18)
    fields = models.JSONField()
    purpose = models.CharField(max_length=200)
    basis = models.CharField(max_length=20)
    legal_basis = models.TextField(blank=True)
    quota_per_day = models.IntegerField(default=0)
    rate_per_second = models.IntegerField(default=0)
    modes = models.JSONField(default=list)
    rows_limit = models.JSONField(default=dict)
    masks = models.JSONField(default=dict)
    person_required = models.BooleanField(default=False)
    matter_required = models.BooleanField(default=False)
    emergency = models.BooleanField(default=False)
    ends_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    report = models.TextField(blank=True)
    revoking_since = models.DateTimeField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField()
    state = models.CharField(max_length=20)
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=["consumer", "interface"], name="exchange_grant_lookup"),)


class QuotaDay(models.Model):
    """Calls of a grant handed out in slices on one city day; never more than the quota."""

    id = models.BigAutoField(primary_key=True)
    grant_id = models.UUIDField()
    day = models.DateField()
    leased = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["grant_id", "day"], name="exchange_quota_once"),)

"""What grows around a request: its steps, its disputes; and complaints of persons about an access."""

from django.db import models

from onecity.hubs.exchange.models.access import AccessRequest
from onecity.kernel.ids import new_id


class RequestStep(models.Model):
    """One line of a request's history. Never changed."""

    id = models.BigAutoField(primary_key=True)
    request = models.ForeignKey(AccessRequest, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    verb = models.CharField(max_length=30)
    who = models.CharField(max_length=120)
    organisation_name = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ("at", "id")


class Dispute(models.Model):
    """One rung of the ladder over a refused request: consult → same level → superior. One open rung a request."""

    id = models.UUIDField(primary_key=True, default=new_id)
    request = models.ForeignKey(AccessRequest, on_delete=models.CASCADE, related_name="disputes")
    level = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    reason = models.TextField()
    raised_by = models.JSONField()
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    due_note = models.CharField(max_length=200, blank=True)
    opinion = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    work_item = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["request"], condition=models.Q(state="open"), name="exchange_dispute_open"),
            models.UniqueConstraint(fields=["request", "level"], name="exchange_dispute_rung"),
        )


class Complaint(models.Model):
    """A person asks why its data were used. `organisation` answers; `proof_id` null = a view without a proof."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=20, unique=True)
    subject = models.CharField(max_length=64, db_index=True)
    proof_id = models.UUIDField(null=True)
    organisation = models.CharField(max_length=18)
    organisation_name = models.CharField(max_length=120)
    about = models.CharField(max_length=300)
    text = models.TextField()
    state = models.CharField(max_length=20)
    raised_by = models.JSONField()
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    finding = models.CharField(max_length=20, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)
    work_item = models.UUIDField(null=True)

    class Meta:
        indexes = (models.Index(fields=["organisation", "state"], name="exchange_complaint_desk"),)

"""Applications with the departments' answers, the disputes and the rating. Personal content is sealed with SM4."""

from django.db import models

from onecity.kernel.ids import new_id

FINISHED = ("granted", "refused", "withdrawn")


class Application(models.Model):
    """One application. `person` is whom it is for (a ward, or the applicant); `sealed` holds what the applicant typed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=60, blank=True)
    bundle = models.CharField(max_length=80)
    bundle_version = models.IntegerField()
    state = models.CharField(max_length=20)
    step = models.CharField(max_length=60, blank=True)
    next_date = models.DateField(null=True)
    paper_route = models.BooleanField(default=False)
    applicant = models.CharField(max_length=64)
    applicant_account = models.UUIDField(null=True)
    applicant_name = models.CharField(max_length=120)
    person = models.CharField(max_length=64)
    person_name = models.CharField(max_length=120, blank=True)
    organisation = models.CharField(max_length=80, blank=True)
    area = models.CharField(max_length=15, blank=True)
    answers = models.JSONField(default=dict)
    sealed = models.BinaryField(default=bytes)
    consent_id = models.UUIDField(null=True)
    prefilled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    category = models.CharField(max_length=60, blank=True)
    rule = models.CharField(max_length=120, blank=True)
    rule_version = models.CharField(max_length=60, blank=True)
    reason = models.TextField(blank=True)
    verdict_data = models.JSONField(default=dict)
    certificates = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["bundle", "person"], condition=~models.Q(state__in=FINISHED), name="service_application_once"
            ),
            models.UniqueConstraint(
                fields=["number"], condition=~models.Q(number=""), name="service_application_number"
            ),
        )
        indexes = (
            models.Index(fields=["applicant", "-opened_at"], name="service_app_applicant"),
            models.Index(fields=["bundle", "state", "organisation"], name="service_app_state"),
            models.Index(fields=["organisation", "-submitted_at"], name="service_app_org"),
        )


class ApplicationSource(models.Model):
    """What one interface answered for one application. `sealed` holds the rows; nothing of them stands outside."""

    id = models.UUIDField(primary_key=True, default=new_id)
    application_id = models.UUIDField(db_index=True)
    interface = models.CharField(max_length=80)
    subject = models.CharField(max_length=64)
    required = models.BooleanField(default=True)
    basis = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    sealed = models.BinaryField(default=bytes)
    provider = models.CharField(max_length=80, blank=True)
    provider_name = models.CharField(max_length=160, blank=True)
    as_of = models.DateTimeField(null=True)
    at = models.DateTimeField(null=True)
    proof_id = models.CharField(max_length=80, blank=True)
    expected_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["application_id", "interface", "subject"], name="service_source_once"),
        )
        indexes = (
            models.Index(fields=["retry_at"], condition=models.Q(state="waiting"), name="service_source_waiting"),
        )


class Dispute(models.Model):
    """A field the applicant says is wrong; the correction itself lives in `catalog`."""

    id = models.UUIDField(primary_key=True, default=new_id)
    application_id = models.UUIDField(db_index=True)
    field = models.CharField(max_length=80)
    interface = models.CharField(max_length=80)
    source_field = models.CharField(max_length=80)
    sealed = models.BinaryField(default=bytes)
    state = models.CharField(max_length=20, default="open")
    correction_id = models.UUIDField(null=True, db_index=True)
    answer = models.TextField(blank=True)
    raised_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)


class Rating(models.Model):
    """好差评: one application, one rating; a bad one opens a task whose closing needs a call-back."""

    id = models.UUIDField(primary_key=True, default=new_id)
    application_id = models.UUIDField(unique=True)
    bundle = models.CharField(max_length=80)
    organisation = models.CharField(max_length=80)
    level = models.CharField(max_length=1)
    comment = models.TextField(blank=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=20, default="closed")
    task_id = models.UUIDField(null=True)

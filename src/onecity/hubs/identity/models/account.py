"""Accounts and their former passwords. Numbers and mobiles are sealed (SM4); references are keyed digests."""

from django.db import models

from onecity.kernel.ids import new_id


class Account(models.Model):
    """Somebody who can sign in: a resident, an enterprise or a staff member.

    `login_ref` and `mobile_ref` are keyed digests of what people type; `login` keeps the readable login of staff and
    demonstration accounts, or a masked mobile. `assurance` is the real-name level (L1 stated … L4 face to face).
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=12)
    login = models.CharField(max_length=64, blank=True)
    login_ref = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    subject = models.CharField(max_length=32, blank=True)
    number_sealed = models.TextField(blank=True)
    number_mask = models.CharField(max_length=40, blank=True)
    mobile_sealed = models.TextField(blank=True)
    mobile_mask = models.CharField(max_length=20, blank=True)
    mobile_ref = models.CharField(max_length=64, blank=True)
    assurance = models.PositiveSmallIntegerField(default=1)
    organisation = models.CharField(max_length=40, blank=True)
    password = models.CharField(max_length=200, blank=True)
    password_set_at = models.DateTimeField(null=True)
    password_first = models.BooleanField(default=False)
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    second_factor_sealed = models.TextField(blank=True)
    second_factor_step = models.BigIntegerField(default=0)
    second_factor_on = models.BooleanField(default=False)
    last_login_at = models.DateTimeField(null=True)
    last_login_origin = models.CharField(max_length=80, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=200, blank=True)
    demo = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["subject", "kind"], condition=~models.Q(subject=""), name="identity_account_subject"
            ),
        )
        indexes = (
            models.Index(fields=["mobile_ref"], condition=~models.Q(mobile_ref=""), name="identity_account_mobile"),
            models.Index(fields=["opened_at"], condition=models.Q(demo=True), name="identity_account_demo"),
        )


class PasswordRecord(models.Model):
    """A password an account once had, hashed; it must not come back too soon."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["account", "-at"], name="identity_password_newest"),)

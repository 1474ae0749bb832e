"""Public credit: penalties, red and black lists, commitments; applications for repair and objections; who looked."""

from django.db import models

from onecity.hubs.registers.models.bitemporal import Publicity, bitemporal_constraints, publicity_indexes
from onecity.kernel.ids import new_id


class PenaltyRecord(Publicity):
    """One published penalty. `fine` in yuan as decided."""

    decision_no = models.CharField(max_length=80, blank=True)
    offence = models.CharField(max_length=120, blank=True)
    fact = models.CharField(max_length=400, blank=True)
    basis = models.CharField(max_length=200, blank=True)
    penalty_kind = models.CharField(max_length=60, blank=True)
    content = models.CharField(max_length=400, blank=True)
    fine = models.BigIntegerField(null=True)
    body_name = models.CharField(max_length=120, blank=True)
    decided_on = models.DateField(null=True)

    class Meta:
        constraints = bitemporal_constraints("penalty")
        indexes = publicity_indexes("penalty")


class ListingRecord(Publicity):
    """One entry in a red or black list. `colour` red or black; `removed_on` = the body took it off."""

    list_key = models.CharField(max_length=40, blank=True)
    colour = models.CharField(max_length=8, blank=True)
    list_name = models.CharField(max_length=80, blank=True)
    case_no = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    body_name = models.CharField(max_length=120, blank=True)
    removed_on = models.DateField(null=True)

    class Meta:
        constraints = bitemporal_constraints("listing")
        indexes = publicity_indexes("listing")


class CommitmentRecord(Publicity):
    """One commitment given instead of papers, and whether it was kept."""

    commitment_no = models.CharField(max_length=80, blank=True)
    matter = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    promised_on = models.DateField(null=True)
    state = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = bitemporal_constraints("commitment")
        indexes = publicity_indexes("commitment")


class CreditMatter(models.Model):
    """A repair（信用修复） or an objection（异议） by the subject about one published record."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=12)
    file = models.CharField(max_length=20)
    entity = models.CharField(max_length=120)
    subject = models.CharField(max_length=64, db_index=True)
    title = models.CharField(max_length=200)
    body = models.CharField(max_length=18, blank=True)
    body_name = models.CharField(max_length=120, blank=True)
    reason = models.TextField()
    commitment = models.TextField(blank=True)
    state = models.CharField(max_length=12)
    opinion = models.TextField(blank=True)
    rule = models.CharField(max_length=200)
    work_item = models.UUIDField(null=True)
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "file", "entity"],
                condition=models.Q(state="open"),
                name="registers_creditmatter_one_open",
            ),
        )


class CreditRule(models.Model):
    """A rule of public credit: a publication period, a repair wait, or a consequence（联合奖惩）, with source and time."""

    id = models.BigAutoField(primary_key=True)
    pack = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=60)
    content = models.JSONField()
    source = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "key", "valid_from"], name="registers_creditrule_once"),)

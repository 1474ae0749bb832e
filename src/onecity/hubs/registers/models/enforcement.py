"""Enforcement as a register: who may enforce, and which cases there were. The procedure belongs to `governance`."""

from django.db import models

from onecity.hubs.registers.models.bitemporal import Publicity, bitemporal_constraints, publicity_indexes


class StaffRecord(Publicity):
    """One enforcement certificate; the subject is its holder."""

    certificate_no = models.CharField(max_length=40, blank=True)
    body_name = models.CharField(max_length=120, blank=True)
    area = models.CharField(max_length=15, blank=True)
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    state = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = bitemporal_constraints("staff")
        indexes = publicity_indexes("staff")


class CaseRecord(Publicity):
    """One enforcement case from opening to decision."""

    case_no = models.CharField(max_length=80, blank=True)
    body_name = models.CharField(max_length=120, blank=True)
    item = models.CharField(max_length=120, blank=True)
    opened_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    stage = models.CharField(max_length=20, blank=True)
    result = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = bitemporal_constraints("case")
        indexes = publicity_indexes("case")

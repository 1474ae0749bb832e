"""Permits as published（行政许可公示）: the licence register. Issuing belongs to `service` and `credential`."""

from django.db import models

from onecity.hubs.registers.models.bitemporal import Publicity, bitemporal_constraints, publicity_indexes


class LicenceRecord(Publicity):
    """One permit with the fields of the national publicity standard."""

    decision_no = models.CharField(max_length=80, blank=True)
    decision_name = models.CharField(max_length=120, blank=True)
    permit_name = models.CharField(max_length=120, blank=True)
    permit_kind = models.CharField(max_length=20, blank=True)
    permit_no = models.CharField(max_length=80, blank=True)
    content = models.CharField(max_length=400, blank=True)
    body_name = models.CharField(max_length=120, blank=True)
    decided_on = models.DateField(null=True)
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    state = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = bitemporal_constraints("licence")
        indexes = publicity_indexes("licence")

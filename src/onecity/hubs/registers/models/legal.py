"""Legal entities: firms and individual businesses as the register knows them, over both times."""

from django.db import models

from onecity.hubs.registers.models.bitemporal import Bitemporal, bitemporal_constraints


class LegalRecord(Bitemporal):
    """One state of one legal entity. `capital` in 10,000 yuan."""

    code_mask = models.CharField(max_length=24, blank=True)
    name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=80, blank=True)
    legal_person = models.CharField(max_length=64, blank=True)
    legal_person_mask = models.CharField(max_length=24, blank=True)
    address = models.CharField(max_length=300, blank=True)
    division_code = models.CharField(max_length=15, blank=True)
    business_address = models.CharField(max_length=300, blank=True)
    industry = models.CharField(max_length=80, blank=True)
    capital = models.BigIntegerField(null=True)
    established = models.DateField(null=True)
    status = models.CharField(max_length=20, blank=True)
    tax_state = models.CharField(max_length=20, blank=True)
    tax_rating = models.CharField(max_length=4, blank=True)
    customs_rating = models.CharField(max_length=40, blank=True)
    insured = models.IntegerField(null=True)

    class Meta:
        constraints = bitemporal_constraints("legal")
        indexes = (models.Index(fields=["name"], name="registers_legal_name"),)

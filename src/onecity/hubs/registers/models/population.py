"""Persons and guardianships. The number is sealed; the reference is the key."""

from django.db import models

from onecity.hubs.registers.models.bitemporal import Bitemporal, bitemporal_constraints


class Person(models.Model):
    """One person as the population register knows it."""

    subject = models.CharField(primary_key=True, max_length=64)
    sealed_number = models.CharField(max_length=160)
    number_mask = models.CharField(max_length=24)
    name = models.CharField(max_length=120)
    sex = models.CharField(max_length=4)
    birth_date = models.DateField()
    nation = models.CharField(max_length=40, blank=True)
    household_no = models.CharField(max_length=40, blank=True, db_index=True)
    relation_to_head = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=300, blank=True)
    division_code = models.CharField(max_length=15, blank=True)
    source = models.CharField(max_length=80)
    as_of = models.DateTimeField()


class Guardianship(models.Model):
    """A fact: `guardian` stands in for `child`, as recorded by `source`."""

    id = models.BigAutoField(primary_key=True)
    guardian = models.CharField(max_length=64, db_index=True)
    child = models.CharField(max_length=64, db_index=True)
    relation = models.CharField(max_length=40)
    source = models.CharField(max_length=80)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["guardian", "child"], name="registers_guardianship_once"),)


class PersonRecord(Bitemporal):
    """One state of one person over both times, fused from the departments' copies."""

    number_mask = models.CharField(max_length=24, blank=True)
    name = models.CharField(max_length=120, blank=True)
    sex = models.CharField(max_length=4, blank=True)
    birth_date = models.DateField(null=True)
    nation = models.CharField(max_length=40, blank=True)
    household_no = models.CharField(max_length=40, blank=True)
    relation_to_head = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=300, blank=True)
    division_code = models.CharField(max_length=15, blank=True)
    photo_no = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = bitemporal_constraints("person")
        indexes = (models.Index(fields=["name"], name="registers_person_name"),)

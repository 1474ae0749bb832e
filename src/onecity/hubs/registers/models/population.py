"""Persons and guardianships. The number is sealed; the reference is the key."""

from django.db import models


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

"""The two times every register row carries: when it held in the city, and when the register knew it so.

`valid_to` and `known_to` are exclusive; empty = until further notice. A row is never edited but for `known_to`, and never deleted.
"""

from django.db import models
from django.db.models import F, Q

__all__ = ["Bitemporal", "Publicity", "bitemporal_constraints", "publicity_indexes"]


class Bitemporal(models.Model):
    """One state of one entity. `entity` is the subject reference, or resource:key for records about a subject."""

    id = models.BigAutoField(primary_key=True)
    entity = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    build = models.BigIntegerField()
    sources = models.JSONField(default=dict)

    class Meta:
        abstract = True


class Publicity(Bitemporal):
    """A record about a subject: permit, penalty, listing, commitment, case."""

    subject = models.CharField(max_length=64, blank=True)
    subject_mask = models.CharField(max_length=24, blank=True)
    subject_name = models.CharField(max_length=200, blank=True)
    published_on = models.DateField(null=True)

    class Meta:
        abstract = True


def bitemporal_constraints(name: str) -> tuple[models.BaseConstraint, ...]:
    """Times run forward; one open row an entity in what is known today; no two states begin on the same day in it."""
    return (
        models.CheckConstraint(
            condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name=f"registers_{name}_valid_forward"
        ),
        models.CheckConstraint(
            condition=Q(known_to=None) | Q(known_to__gte=F("known_from")), name=f"registers_{name}_known_forward"
        ),
        models.UniqueConstraint(
            fields=["entity"], condition=Q(known_to=None, valid_to=None), name=f"registers_{name}_one_open"
        ),
        models.UniqueConstraint(
            fields=["entity", "valid_from"], condition=Q(known_to=None), name=f"registers_{name}_one_begin"
        ),
    )


def publicity_indexes(name: str) -> tuple[models.Index, ...]:
    """Records are read by whom they are about."""
    return (models.Index(fields=["subject"], name=f"registers_{name}_subject"),)

"""What the bureau and the stewards decide about entries: authoritative sources, reasons for asking again, handing over."""

from django.db import models

from onecity.kernel.ids import new_id


class AuthoritativeSource(models.Model):
    """一数一源: the one resource whose values count for an item. `item` = label|type as the rules name it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    item = models.CharField(max_length=90, unique=True)
    label = models.CharField(max_length=60)
    resource = models.CharField(max_length=60)
    reason = models.TextField()
    decided_by = models.JSONField()
    at = models.DateTimeField()


class AskingAgain(models.Model):
    """Why a form asks the public for what could be shared（重复采集的理由）. `asker`: the form or item that asks."""

    id = models.UUIDField(primary_key=True, default=new_id)
    item = models.CharField(max_length=90)
    label = models.CharField(max_length=60)
    asker = models.CharField(max_length=120)
    reason = models.TextField()
    stated_by = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["item", "asker"], name="catalog_asking_again_once"),)


class Handover(models.Model):
    """A steward's entries and open tasks pass to the successor, with the list both sign."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation = models.CharField(max_length=18)
    from_account = models.UUIDField()
    from_name = models.CharField(max_length=60)
    to_account = models.UUIDField()
    to_name = models.CharField(max_length=60)
    entries = models.JSONField()
    tasks = models.JSONField()
    reason = models.TextField()
    at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["organisation", "-at"], name="catalog_handover_recent"),)

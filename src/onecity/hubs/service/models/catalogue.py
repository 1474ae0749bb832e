"""Items and bundles as declared by packs, time-valid. An operator's edits are an overlay that re-applying never touches."""

from django.db import models

from onecity.kernel.ids import new_id


class Item(models.Model):
    """One version of one item. `content` is the validated declaration."""

    id = models.UUIDField(primary_key=True, default=new_id)
    pack = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    version = models.IntegerField(default=1)
    organisation = models.CharField(max_length=80)
    content = models.JSONField()
    overlay = models.JSONField(default=dict)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["key", "version"], name="service_item_version"),
            models.UniqueConstraint(fields=["key"], condition=models.Q(valid_to=None), name="service_item_current"),
        )


class Bundle(models.Model):
    """One version of one 一件事. An application stays on the version it was opened with."""

    id = models.UUIDField(primary_key=True, default=new_id)
    pack = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    version = models.IntegerField(default=1)
    content = models.JSONField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["key", "version"], name="service_bundle_version"),
            models.UniqueConstraint(fields=["key"], condition=models.Q(valid_to=None), name="service_bundle_current"),
        )

"""Files attached to things of other hubs; the bytes lie in the kernel's file store."""

from django.db import models

from onecity.kernel.ids import new_id


class Attachment(models.Model):
    """One uploaded file. A removed one keeps its row and says when."""

    id = models.UUIDField(primary_key=True, default=new_id)
    owner_kind = models.CharField(max_length=80)
    owner_id = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=128)
    rotation = models.PositiveSmallIntegerField(default=0)
    uploaded_by_account = models.UUIDField(null=True)
    uploaded_by = models.CharField(max_length=120)
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["owner_kind", "owner_id"], name="support_attachment_owner")]

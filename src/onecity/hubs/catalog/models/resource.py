"""Entries of the catalogue and their editions."""

from django.db import models

from onecity.kernel.ids import new_id


class Resource(models.Model):
    """信息资源 with the national fields. `provider` is the credit code, `provider_key` the key a pack named it by.

    Rows of a pack are known by (pack, key); a vanished key is withdrawn, never deleted. `holder`: who keeps the data when that is
    somebody outside the house; then `quoted` carries the holder's own figures with their source. `uses`: calls of thirty days.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    pack = models.CharField(max_length=60, blank=True)
    key = models.CharField(max_length=60, unique=True)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    provider = models.CharField(max_length=18, blank=True)
    provider_key = models.CharField(max_length=60, blank=True)
    provider_name = models.CharField(max_length=120, blank=True)
    abstract = models.TextField()
    format = models.CharField(max_length=40)
    fields = models.JSONField()
    share_type = models.CharField(max_length=20)
    basis = models.TextField(blank=True)
    share_mode = models.CharField(max_length=20)
    open_type = models.CharField(max_length=20)
    open_condition = models.TextField(blank=True)
    update_cycle = models.CharField(max_length=20)
    related = models.JSONField(default=list)
    live = models.BooleanField(default=False)
    state = models.CharField(max_length=20)
    published_on = models.DateField(null=True)
    edition = models.IntegerField(default=1)
    version = models.IntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    as_of = models.DateTimeField(null=True)
    bad_share_limit = models.FloatField(default=0.3)
    keeps_numbers = models.BooleanField(default=False)
    quality = models.JSONField(default=list)
    level = models.CharField(max_length=20, default="general")
    holder = models.CharField(max_length=120, blank=True)
    topics = models.JSONField(default=list)
    tags = models.JSONField(default=list)
    bytes = models.BigIntegerField(default=0)
    quoted = models.JSONField(default=dict)
    uses = models.IntegerField(default=0)
    steward = models.UUIDField(null=True)
    steward_name = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("code",)


class Edition(models.Model):
    """What an entry said before it was revised."""

    id = models.UUIDField(primary_key=True, default=new_id)
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="editions")
    number = models.IntegerField()
    content = models.JSONField()
    at = models.DateTimeField()
    by = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["resource", "number"], name="catalog_edition_once"),)

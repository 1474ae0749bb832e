"""Interfaces, live sources, machine clients, the switch of a provider's supply, and the version of all of it."""

from django.db import models

from onecity.kernel.ids import new_id


class Interface(models.Model):
    """One contract over one resource, delivered in `modes` ([] = `mode` alone).

    What the gateway needs of catalogue and identity is kept beside it, so it needs neither.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    pack = models.CharField(max_length=60, blank=True)
    key = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    resource = models.CharField(max_length=60)
    provider = models.CharField(max_length=18, blank=True)
    provider_name = models.CharField(max_length=120, blank=True)
    mode = models.CharField(max_length=10)
    key_field = models.CharField(max_length=60)
    fields = models.JSONField()
    identifiers = models.JSONField(default=list)
    labels = models.JSONField(default=dict)
    masks = models.JSONField(default=dict)
    basis = models.CharField(max_length=20)
    legal_basis = models.TextField(blank=True)
    source = models.CharField(max_length=64, blank=True)
    modes = models.JSONField(default=list)
    filters = models.JSONField(default=list)
    page_limit = models.IntegerField(default=100)
    valid_to = models.DateTimeField(null=True)


class LiveSource(models.Model):
    """A system outside. Rows come from packs; an operator's address is kept in `operator_address` and wins.

    `superior` names the upper level a subscription came from; then `options` holds how its interface is called there.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    pack = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=64, unique=True)
    adapter = models.CharField(max_length=20)
    address = models.CharField(max_length=200)
    operator_address = models.CharField(max_length=200, blank=True)
    timeout = models.FloatField(default=6.0)
    outage = models.CharField(max_length=11, blank=True)
    superior = models.CharField(max_length=20, blank=True)
    options = models.JSONField(default=dict)


class SupplySwitch(models.Model):
    """Stops everything a provider supplies; in the demonstration this plays a department whose system is down."""

    provider = models.CharField(max_length=18, primary_key=True)
    stopped = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()


class Client(models.Model):
    """A machine that opens sessions at the gateway: by signature (`public_key`, PEM) or by the certificate with this SHA-256 thumbprint."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation = models.CharField(max_length=18)
    organisation_name = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=120)
    public_key = models.TextField(blank=True)
    thumbprint = models.CharField(max_length=64, blank=True)
    registered_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class SnapshotVersion(models.Model):
    """Row 1: the version of interfaces, grants, clients and switches together. Row 2: of withdrawn consents. Every change raises it."""

    id = models.IntegerField(primary_key=True, default=1)
    version = models.BigIntegerField(default=1)

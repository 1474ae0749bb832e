"""Lower nodes: who may speak to this instance as its upper level, and what they told and asked."""

from django.db import models

from onecity.kernel.ids import new_id


class Node(models.Model):
    """A lower node. Its number is that of the gateway client registered with the same key, so one key serves both doors."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=120)
    organisation = models.CharField(max_length=18)
    organisation_name = models.CharField(max_length=120)
    public_key = models.TextField()
    admitted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)


class NodeNonce(models.Model):
    """A signed request that was taken; a second one with the same words is refused."""

    id = models.BigAutoField(primary_key=True)
    node = models.UUIDField()
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["node", "nonce"], name="exchange_node_nonce_once"),)


class NodeEntry(models.Model):
    """An entry a lower node reported, with our judgement."""

    id = models.BigAutoField(primary_key=True)
    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="entries")
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    entry = models.JSONField()
    state = models.CharField(max_length=20)
    reasons = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["node", "key"], name="exchange_node_entry_once"),)


class NodeSubscription(models.Model):
    """A node's wish and the request it became on our own desk."""

    id = models.UUIDField(primary_key=True)
    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="subscriptions")
    request = models.UUIDField()
    at = models.DateTimeField()

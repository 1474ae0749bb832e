"""Running processes and their tokens: one row per token, so that branches lock, wait and are audited alone."""

from django.db import models
from django.db.models import Q

from onecity.hubs.process.contracts import InstanceState
from onecity.hubs.process.models.definition import DefinitionVersion
from onecity.kernel.ids import new_id


class Instance(models.Model):
    """One process about one matter. `version` grows with every move.

    `early` keeps messages that came before their node.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    definition = models.ForeignKey(DefinitionVersion, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    matter_kind = models.CharField(max_length=60)
    matter_id = models.UUIDField()
    matter_number = models.CharField(max_length=80, blank=True)
    matter_title = models.CharField(max_length=300, blank=True)
    matter_link = models.CharField(max_length=300, blank=True)
    organisation = models.CharField(max_length=18, blank=True)
    area = models.CharField(max_length=15, blank=True)
    subject = models.CharField(max_length=32, blank=True)
    variables = models.JSONField(default=dict)
    early = models.JSONField(default=dict)
    state = models.CharField(max_length=12, default=InstanceState.RUNNING)
    outcome = models.CharField(max_length=60, blank=True)
    started_by = models.UUIDField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter_id", "key"], condition=Q(state="running"), name="process_instance_once"
            )
        ]


class TokenRow(models.Model):
    """One token at one node. Spent tokens stay as the trace of the path.

    `origin` is the item whose completion put it here.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="tokens")
    node = models.CharField(max_length=60)
    origin = models.UUIDField(null=True)
    placed_at = models.DateTimeField()
    spent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["instance"], condition=Q(spent_at=None), name="process_token_live")]

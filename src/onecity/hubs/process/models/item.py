"""Work items and the steps people take on them: the one to-do list of the city."""

from django.db import models
from django.db.models import Q

from onecity.hubs.process.contracts import ItemKind, ItemState
from onecity.hubs.process.models.instance import Instance
from onecity.kernel.ids import new_id

LIVE = Q(state__in=["open", "held", "suspended"])


class WorkItem(models.Model):
    """One human task. Compare-and-set on `version` makes every verb happen once.

    `permission` + `organisation` + `area` say who may take it; `warn_at` is when the light turns yellow, `due_at` red.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, null=True, related_name="items")
    token_id = models.UUIDField(null=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    sign_mode = models.CharField(max_length=3, blank=True)
    kind = models.CharField(max_length=4, default=ItemKind.TASK)
    definition = models.CharField(max_length=80)
    definition_name = models.CharField(max_length=200, blank=True)
    node = models.CharField(max_length=60, blank=True)
    node_name = models.CharField(max_length=120, blank=True)
    matter_kind = models.CharField(max_length=60)
    matter_id = models.UUIDField()
    matter_number = models.CharField(max_length=80, blank=True)
    matter_title = models.CharField(max_length=300, blank=True)
    matter_link = models.CharField(max_length=300, blank=True)
    summary = models.CharField(max_length=300, blank=True)
    reason = models.TextField(blank=True)
    rule = models.CharField(max_length=200, blank=True)
    permission = models.CharField(max_length=120)
    organisation = models.CharField(max_length=18, blank=True)
    area = models.CharField(max_length=15, blank=True)
    assignee_id = models.UUIDField(null=True)
    assignee_name = models.CharField(max_length=80, blank=True)
    initiator_id = models.UUIDField(null=True)
    verbs = models.JSONField(default=list)
    state = models.CharField(max_length=10, default=ItemState.OPEN)
    received_at = models.DateTimeField()
    limit_amount = models.PositiveIntegerField(null=True)
    limit_unit = models.CharField(max_length=12, blank=True)
    warn_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    suspend_reason = models.CharField(max_length=300, blank=True)
    urged = models.PositiveIntegerField(default=0)
    supervised = models.CharField(max_length=300, blank=True)
    verb = models.CharField(max_length=12, blank=True)
    opinion = models.TextField(blank=True)
    completed_at = models.DateTimeField(null=True)
    completed_by = models.UUIDField(null=True)
    completed_name = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["permission", "organisation", "due_at"], condition=LIVE, name="process_item_todo"),
            models.Index(fields=["assignee_id", "due_at"], condition=LIVE, name="process_item_mine"),
            models.Index(fields=["matter_id"], name="process_item_matter"),
            models.Index(fields=["completed_by", "-completed_at"], name="process_item_done"),
            models.Index(fields=["initiator_id", "-received_at"], name="process_item_started"),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="process_item_child"),
        ]


class Step(models.Model):
    """One line of 办理过程: who, which verb, which opinion, signed when. Written once, never changed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    matter_id = models.UUIDField()
    instance_id = models.UUIDField(null=True)
    item_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    account_id = models.UUIDField(null=True)
    who = models.CharField(max_length=80, blank=True)
    organisation = models.CharField(max_length=18, blank=True)
    organisation_name = models.CharField(max_length=200, blank=True)
    post = models.CharField(max_length=120, blank=True)
    node = models.CharField(max_length=60, blank=True)
    node_name = models.CharField(max_length=120, blank=True)
    verb = models.CharField(max_length=12)
    opinion = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["matter_id", "id"], name="process_step_matter"),
            models.Index(fields=["account_id", "-id"], name="process_step_account"),
        ]

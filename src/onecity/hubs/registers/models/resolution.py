"""Entity resolution: records with their keys and links, the persons they make, and every act that changed them.

Values of a record are sealed as a whole; keys are keyed hashes. Nothing here is the truth: it is what the city believes.
"""

from django.db import models

__all__ = [
    "ResolutionAct", "ResolutionAlias", "ResolutionKey", "ResolutionLink", "ResolutionMembership", "ResolutionModel",
    "ResolutionRecord", "ResolutionReview", "ResolutionRuling", "ResolutionSplit",
]  # fmt: skip


class ResolutionModel(models.Model):
    """Trained weights as JSON. Every decision names its version; exactly one is current."""

    version = models.CharField(primary_key=True, max_length=60)
    weights = models.JSONField()
    records = models.IntegerField()
    trained_at = models.DateTimeField()
    current = models.BooleanField(default=False, db_index=True)


class ResolutionRecord(models.Model):
    """One department's record of a person. `component` is the smallest record its links reach; `entity` whom it is taken for."""

    id = models.BigAutoField(primary_key=True)
    department = models.CharField(max_length=60)
    source_id = models.CharField(max_length=120)
    subject = models.CharField(max_length=64, blank=True, db_index=True)
    sealed = models.TextField()
    number_key = models.BigIntegerField(null=True)
    component = models.BigIntegerField(db_index=True)
    entity = models.UUIDField(db_index=True)
    as_of = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["department", "source_id"], name="registers_record_once"),)


class ResolutionKey(models.Model):
    """A record may equal another under this key: a keyed hash of two facts that agree."""

    key = models.BigIntegerField()
    record = models.BigIntegerField()

    class Meta:
        indexes = (
            models.Index(fields=["key", "record"], name="registers_key_found"),
            models.Index(fields=["record"], name="registers_key_of"),
        )


class ResolutionLink(models.Model):
    """Two records weigh enough to be one person. `act` is the human act that ruled it, null for the model."""

    left = models.BigIntegerField()
    right = models.BigIntegerField()
    weight = models.FloatField()
    act = models.UUIDField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["left", "right"], name="registers_link_left"),
            models.Index(fields=["right"], name="registers_link_right"),
        )


class ResolutionRuling(models.Model):
    """A person ruled that two records are not one person. In force until its act is undone."""

    left = models.BigIntegerField(db_index=True)
    right = models.BigIntegerField(db_index=True)
    act = models.UUIDField(db_index=True)


class ResolutionMembership(models.Model):
    """History: this record counted as that person, from when in the world, and known from–to."""

    record = models.BigIntegerField(db_index=True)
    entity = models.UUIDField(db_index=True)
    valid_from = models.DateTimeField()
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    act = models.UUIDField()


class ResolutionAlias(models.Model):
    """A former identity and the one that took over its records."""

    entity = models.UUIDField(db_index=True)
    survivor = models.UUIDField()
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    act = models.UUIDField(db_index=True)


class ResolutionAct(models.Model):
    """What changed identities: by the model or by persons, with all it changed, so that it can be undone exactly."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12)
    at = models.DateTimeField(db_index=True)
    actor = models.JSONField()
    model = models.CharField(max_length=60)
    reason = models.CharField(max_length=400, blank=True)
    changes = models.JSONField(default=list)
    undone_by = models.UUIDField(null=True)


class ResolutionReview(models.Model):
    """An uncertain pair on the review desk. A merge needs a second person; "not the same" needs one."""

    id = models.UUIDField(primary_key=True)
    left = models.BigIntegerField(db_index=True)
    right = models.BigIntegerField(db_index=True)
    weight = models.FloatField()
    reason = models.CharField(max_length=12)
    model = models.CharField(max_length=60)
    state = models.CharField(max_length=12, db_index=True)
    raised_at = models.DateTimeField()
    first = models.JSONField(null=True)
    first_account = models.UUIDField(null=True)
    first_at = models.DateTimeField(null=True)
    second = models.JSONField(null=True)
    second_account = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    act = models.UUIDField(null=True)
    item = models.UUIDField(null=True)

    class Meta:
        indexes = (models.Index(fields=["state", "-weight"], name="registers_review_queue"),)


class ResolutionSplit(models.Model):
    """A proposal to part records from the person they count as. Another than the proposer confirms it; refusing takes one."""

    id = models.UUIDField(primary_key=True)
    entity = models.UUIDField(db_index=True)
    records = models.JSONField()
    reason = models.CharField(max_length=400)
    state = models.CharField(max_length=12, db_index=True)
    first = models.JSONField()
    first_account = models.UUIDField(null=True)
    first_at = models.DateTimeField()
    second = models.JSONField(null=True)
    second_account = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    act = models.UUIDField(null=True)
    item = models.UUIDField(null=True)

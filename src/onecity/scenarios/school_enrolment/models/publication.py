"""What the public may see and check: published lists, draws, objections."""

from django.db import models

from onecity.kernel.ids import new_id


class PublishedList(models.Model):
    """The masked list of one school as published; `content` is exactly what `digest` was computed over."""

    id = models.UUIDField(primary_key=True, default=new_id)
    round_id = models.UUIDField()
    school = models.CharField(max_length=18)
    heading = models.CharField(max_length=200)
    content = models.TextField()
    rows = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    published_from = models.DateField()
    published_to = models.DateField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["round_id", "school"], name="school_enrolment_list_once"),)


class Draw(models.Model):
    """A public draw: seed and digest of the list, committed together, with the notary who was there."""

    id = models.UUIDField(primary_key=True, default=new_id)
    round_id = models.UUIDField()
    school = models.CharField(max_length=18)
    list_text = models.TextField()
    digest = models.CharField(max_length=64)
    seed = models.CharField(max_length=64)
    notary = models.CharField(max_length=120)
    notary_organisation = models.CharField(max_length=160, blank=True)
    drawn_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["round_id", "school"], name="school_enrolment_draw_once"),)


class Objection(models.Model):
    """What somebody says against a published list, and the answer."""

    id = models.UUIDField(primary_key=True, default=new_id)
    list_id = models.UUIDField(db_index=True)
    round_id = models.UUIDField(db_index=True)
    number = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    raised_by = models.CharField(max_length=64, blank=True)
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=20, default="open")
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)

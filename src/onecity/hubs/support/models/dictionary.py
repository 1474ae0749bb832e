"""Dictionaries as time-valid rows."""

from django.db import models

from onecity.kernel.ids import new_id


class DictionaryEntry(models.Model):
    """One code of one dictionary during one period. `pack` is empty for imported rows."""

    id = models.UUIDField(primary_key=True, default=new_id)
    dictionary = models.CharField(max_length=120)
    pack = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=60)
    label_zh = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200, blank=True)
    position = models.PositiveIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dictionary", "code", "valid_from"], name="support_dictionary_entry")
        ]

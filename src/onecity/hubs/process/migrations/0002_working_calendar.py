"""The holiday notices shipped with the hub, and the usual working hours. Later years are imported on the calendar page."""

from django.db import migrations
from django.utils import timezone

from onecity.hubs.process.adapters.calendar_file import read_notices


def fill(apps, schema_editor):
    year_rows = apps.get_model("process", "CalendarYear")
    day_rows = apps.get_model("process", "CalendarDay")
    hours = apps.get_model("process", "WorkingHours")
    for notice in read_notices():
        row = year_rows.objects.create(year=notice.year, source=notice.source, imported_at=timezone.now())
        day_rows.objects.bulk_create(
            [day_rows(day=day.day, year=row, works=day.works, label=day.label) for day in notice.days]
        )
    hours.objects.create(
        valid_from="2000-01-01", periods=[["08:00", "12:00"], ["14:00", "18:00"]], source="常用机关工作时间，可修改"
    )


def empty(apps, schema_editor):
    apps.get_model("process", "CalendarYear").objects.all().delete()
    apps.get_model("process", "WorkingHours").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("process", "0001_initial")]
    operations = [migrations.RunPython(fill, empty)]

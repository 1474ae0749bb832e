"""What gateway workers noticed becomes an event and a row of the audit trail, once each. Workers only leave word: they load no Django."""

from django.db import transaction

from onecity.hubs.exchange.events import CrawlSuspected
from onecity.hubs.exchange.models.proof import GatewayAlarm
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor

__all__ = ["raise_alarms"]


def raise_alarms() -> int:
    """Tell what is untold; returns how many."""
    told = 0
    for alarm_id in list(GatewayAlarm.objects.filter(told=False).order_by("at").values_list("id", flat=True)[:100]):
        with transaction.atomic():
            row = GatewayAlarm.objects.select_for_update().get(pk=alarm_id)
            if row.told:
                continue
            row.told = True
            row.save(update_fields=["told"])
            actor = Actor.system("exchange")
            data = {"interface": row.interface, "calls": row.calls, "misses": row.misses, "seconds": row.seconds}
            audit.record(actor, "exchange.suspect_crawl", target="exchange.client", target_id=row.client, data=data)
            event = CrawlSuspected(
                row.client,
                row.interface,
                row.consumer,
                row.consumer_name,
                row.grant_id,
                row.calls,
                row.misses,
                row.seconds,
            )
            events.publish(actor, event, key=row.client)
            told += 1
    return told

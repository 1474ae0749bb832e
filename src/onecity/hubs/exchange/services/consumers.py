"""What the exchange tells the catalogue: who stands on a resource by a living grant, and how often resources were used."""

from datetime import timedelta

from django.db import connection

from onecity.hubs.catalog.ports import Consumer
from onecity.hubs.exchange.contracts import GrantState
from onecity.hubs.exchange.models import Grant, Interface
from onecity.kernel.clock import today, wall_now

__all__ = ["GrantedConsumers"]


class GrantedConsumers:
    """Fulfils `catalog.ports.Consumers` from grants and proofs."""

    def consumers_of(self, resource: str) -> list[Consumer]:
        """Living grants on the resource's interfaces; a grant of all fields names none, so the interface's are meant."""
        through = {one.key: one for one in Interface.objects.filter(resource=resource)}
        grants = Grant.objects.filter(interface__in=list(through), state=GrantState.ACTIVE, valid_to__gte=today())
        return [
            Consumer(
                "共享接口", one.consumer, one.consumer_name, through[one.interface].name,
                tuple(one.fields or through[one.interface].fields), one.purpose,
            )
            for one in grants.order_by("consumer_name", "interface")
        ]  # fmt: skip

    def uses_of_all(self, days: int) -> dict[str, int]:
        """Answered calls of each resource in the last natural days, as the proof log has them; refused ones are no use."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT i.resource, count(*) FROM exchange_proofrecord p JOIN exchange_interface i ON i.key = p.interface "
                "WHERE p.at >= %s AND p.outcome = 'answered' GROUP BY i.resource",
                [wall_now() - timedelta(days=days)],
            )
            return {resource: int(uses) for resource, uses in cursor.fetchall()}

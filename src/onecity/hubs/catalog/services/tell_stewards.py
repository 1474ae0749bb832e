"""A message to whoever looks after a resource: its named steward, else the department's staff who may deliver."""

from datetime import datetime
from uuid import UUID

from onecity.hubs.catalog.contracts import Permission, UpdateCycle
from onecity.hubs.catalog.models import Resource
from onecity.hubs.identity import api as identity
from onecity.hubs.identity.contracts import StaffFilter
from onecity.hubs.support import api as support
from onecity.hubs.support.ports import SupportDeclaration
from onecity.kernel.actor import Actor
from onecity.kernel.paging import PageRequest

__all__ = ["Teller"]

_TEMPLATE = "catalog_data_late"
_MOST = 20
_TEXTS = {
    "key": _TEMPLATE,
    "title": {"zh": "{resource}逾期未更新", "en": "{resource} is overdue"},
    "body": {
        "zh": "应{cycle}更新，{last}，应于 {due} 前更新。请尽快报送，或在目录中说明原因。",
        "en": "Due for an update by {due}; {last}. Please deliver it soon or state the reason in the catalogue.",
    },
}


class Teller:
    """For one round: the template is put in place once, a department's staff are looked up once. Joins the caller's transaction."""

    def __init__(self) -> None:
        self._system = Actor.system("catalog")
        self._staff: dict[str, list[UUID]] = {}
        self._placed = False

    def late(self, row: Resource, due: datetime, last: str, *, key: str) -> int:
        """Put a message about late data into their inboxes, once per `key`; returns to how many."""
        if not self._placed:
            content = SupportDeclaration.model_validate({"messages": [_TEXTS]})
            support.apply_declaration(self._system, "catalog", content)
            self._placed = True
        cycle = UpdateCycle(row.update_cycle).label
        data = {"resource": row.name, "cycle": cycle, "last": last, "due": f"{due:%Y-%m-%d}"}
        accounts = [row.steward] if row.steward else self._of_department(row.provider)
        for account in accounts:
            support.send_message(
                self._system, account_id=account, template=_TEMPLATE, data=data,
                link=f"/desk/catalog/arrivals?resource={row.key}", idempotency_key=key,
            )  # fmt: skip
        return len(accounts)

    def _of_department(self, provider: str) -> list[UUID]:
        if provider and provider not in self._staff:
            may = {role.key for role in identity.roles(self._system) if Permission.RECEIVE.value in role.permissions}
            found = identity.staff_list(
                self._system, filter=StaffFilter(organisation=provider), page=PageRequest(1, 100)
            )
            self._staff[provider] = [
                one.id
                for one in found.items
                if one.active and any(post.organisation == provider and may & set(post.roles) for post in one.posts)
            ][:_MOST]
        return self._staff.get(provider, [])

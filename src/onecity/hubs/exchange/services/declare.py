"""Interfaces, live sources and wished grants of a pack. A pack asks; the provider answers, like anybody else's request.

In demonstration mode the departments are synthetic, and so is their answer: declared requests are granted at once, saying so.
"""

from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.contracts import ResourceView
from onecity.hubs.exchange.contracts import Basis, RequestState
from onecity.hubs.exchange.errors import RequestRefused
from onecity.hubs.exchange.models import AccessRequest, Interface, LiveSource
from onecity.hubs.exchange.ports import Declaration, DeclaredGrant, DeclaredInterface
from onecity.hubs.exchange.services.ask_access import Wish, answer_request, ask_access, open_item
from onecity.hubs.exchange.services.judging import touch_snapshot
from onecity.hubs.exchange.services.rows import interface_row, limit_row
from onecity.hubs.identity import api as identity
from onecity.hubs.identity.errors import UnknownOrganisation
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today
from onecity.kernel.packs import discover

__all__ = ["apply_declaration", "settle_declared"]

_DEMO_OPINION = "演示模式：由合成城市的提供部门自动同意"


def apply_declaration(actor: Actor, pack: str, content: Declaration) -> None:
    """Apply idempotently; a vanished interface ends, a vanished wish is not asked again (its grant stays until revoked)."""
    for source in content.sources:
        LiveSource.objects.update_or_create(
            name=source.name,
            defaults={
                "pack": pack, "adapter": source.adapter, "address": source.address, "timeout": source.timeout,
                "outage": source.outage, "superior": source.superior, "options": dict(source.options),
            },
        )  # fmt: skip
    for declared in content.interfaces:
        _put_interface(pack, declared)
    declared_keys = [one.key for one in content.interfaces]
    Interface.objects.filter(pack=pack, valid_to=None).exclude(key__in=declared_keys).update(valid_to=now())
    for wish in content.grants:
        _put_wish(actor, pack, wish)
    touch_snapshot()
    audit.record(actor, "exchange.apply_declaration", target="kernel.pack", target_id=pack)
    settle_declared(actor)


def _put_interface(pack: str, declared: DeclaredInterface) -> None:
    resource = catalog.resource(declared.resource)
    unknown = sorted({*declared.fields, *declared.filters, *declared.masks, declared.key_field} - _names(resource))
    key_field = resource.field(declared.key_field)
    if unknown or key_field is None or not key_field.type.is_identifier:
        fault = f"信息项不在资源中：{'、'.join(unknown)}" if unknown else f"{declared.key_field} 不是身份标识信息项"
        raise RequestRefused(text=f"接口 {declared.key}：{fault}", data={"key": declared.key})
    if resource.live != bool(declared.source):
        raise RequestRefused(
            text=f"接口 {declared.key}：上级实时资源须写明 source，其余不得写", data={"key": declared.key}
        )
    Interface.objects.update_or_create(key=declared.key, defaults=_interface_values(pack, declared, resource))


def _names(resource: ResourceView) -> set[str]:
    """Items an interface may name; the sealed form of a number only where the resource keeps it."""
    names = {field.name for field in resource.fields}
    if resource.keeps_numbers:
        names |= {f"{field.name}_sealed" for field in resource.fields if field.type.is_identifier}
    return names


def _interface_values(pack: str, declared: DeclaredInterface, resource: ResourceView) -> dict[str, Any]:
    fields = declared.fields or tuple(field.name for field in resource.fields)
    picked = [field for field in resource.fields if field.name in fields]
    return {
        "pack": pack, "name": declared.name or resource.name, "resource": resource.key, "provider": resource.provider,
        "provider_name": resource.provider_name, "mode": declared.mode.value, "key_field": declared.key_field,
        "fields": list(fields), "identifiers": [field.name for field in picked if field.type.is_identifier],
        "labels": _labels(resource), "basis": declared.basis.value,
        "legal_basis": declared.legal_basis or resource.basis, "source": declared.source, "valid_to": None,
        "modes": [mode.value for mode in declared.modes], "filters": list(declared.filters),
        "page_limit": declared.page_limit, "masks": dict(declared.masks),
    }  # fmt: skip


def _labels(resource: ResourceView) -> dict[str, str]:
    sealed = {f"{field.name}_sealed": f"{field.label}（密文）" for field in resource.fields if field.type.is_identifier}
    return {field.name: field.label for field in resource.fields} | (sealed if resource.keeps_numbers else {})


def _put_wish(actor: Actor, pack: str, declared: DeclaredGrant) -> None:
    place = {
        "pack": pack,
        "consumer_key": declared.consumer,
        "interface": declared.interface,
        "purpose": declared.purpose,
    }
    if AccessRequest.objects.filter(**place).exists():
        return
    interface = interface_row(declared.interface)
    begin = declared.valid_from or today()
    # The demonstration date moves by months in both directions; the synthetic grants hold throughout.
    if settings.DEMO_MODE and declared.valid_from is None:
        begin = today() - timedelta(days=400)
    longest = timedelta(days=limit_row("grants", "longest_days")["amount"])
    basis = declared.basis or Basis(interface.basis)
    wish = Wish(
        consumer="", consumer_name="", fields=declared.fields or tuple(interface.fields), purpose=declared.purpose,
        reason=f"{_pack_name(pack)}所需", basis=basis, legal_basis=declared.legal_basis or interface.legal_basis,
        quota_per_day=declared.quota_per_day, valid_from=begin, valid_to=declared.valid_to or begin + longest, pack=pack,
        consumer_key=declared.consumer, terms=_terms(declared, interface),
    )  # fmt: skip
    ask_access(actor, interface=interface, wish=wish)


@cache
def _pack_name(pack: str) -> str:
    """A scenario by its name: the reason stands on the request people read."""
    found = next((one for one in discover()[0] if one.manifest.id == pack), None)
    return f"场景“{found.manifest.labels.zh}”" if found else f"场景包 {pack} "


def _terms(declared: DeclaredGrant, interface: Interface) -> dict[str, Any]:
    return {
        "modes": [mode.value for mode in declared.modes] or list(interface.modes), "masks": dict(declared.masks),
        "rows_limit": {name: list(values) for name, values in declared.rows_limit.items()},
        "rate_per_second": declared.rate_per_second, "person_required": declared.person_required,
        "matter_required": declared.matter_required,
    }  # fmt: skip


def settle_declared(actor: Actor) -> int:
    """Let requests of packs move on as soon as both organisations exist; returns how many moved. Called again after imports."""
    _fill_providers()
    moved = 0
    for row in AccessRequest.objects.filter(state=RequestState.SUBMITTED, work_item=None).exclude(pack=""):
        interface = interface_row(row.interface)
        try:
            consumer = identity.organisation_by_key(row.consumer_key)
        except UnknownOrganisation:
            continue
        if consumer is None or not interface.provider:
            continue
        row.consumer, row.consumer_name = consumer.code, consumer.name
        row.provider, row.provider_name = interface.provider, interface.provider_name
        row.save(update_fields=["consumer", "consumer_name", "provider", "provider_name"])
        if settings.DEMO_MODE:
            answer_request(Actor.system("exchange", actor), request_id=row.id, granted=True, opinion=_DEMO_OPINION)
        else:
            open_item(actor, row)
        moved += 1
    return moved


def _fill_providers() -> None:
    waiting = list(Interface.objects.filter(provider=""))
    resources = catalog.resources_by_key({row.resource for row in waiting})
    filled = [row for row in waiting if row.resource in resources and resources[row.resource].provider]
    for row in filled:
        row.provider, row.provider_name = resources[row.resource].provider, resources[row.resource].provider_name
    if filled:
        Interface.objects.bulk_update(filled, ["provider", "provider_name"])
        touch_snapshot()

"""What the people of one instance do in the story of two nodes, through the front doors. Import only when Django is awake."""

import time
from collections.abc import Callable
from typing import Any

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.ports import Declaration as Entries
from onecity.hubs.catalog.ports import DeclaredResource
from onecity.hubs.exchange import api as exchange
from onecity.hubs.exchange.contracts import Permission
from onecity.hubs.exchange.errors import ProofUnknown
from onecity.hubs.exchange.models import ProofRecord
from onecity.hubs.exchange.ports import Declaration, DeclaredInterface
from onecity.hubs.identity import api as identity
from onecity.kernel.actor import Actor, ActorKind, PermissionGrant
from onecity.kernel.paging import PageRequest

__all__ = ["VERBS"]

_SYSTEM = Actor.system("site")
_PATIENCE_SECONDS = 60


def person(name: str, code: str, *permissions: Permission) -> Actor:
    body = identity.organisation(code)
    held = frozenset(PermissionGrant(str(one), code) for one in permissions)
    named = body.name if body else ""
    return Actor(ActorKind.STAFF, name=name, organisation=code, organisation_name=named, grants=held)


def found(bodies: list[dict[str, str]]) -> int:
    kept = {"level": "district", "kind": "government", "area": "370202"}
    rows = [{**kept, **one} for one in bodies]
    identity.load_organisations(_SYSTEM, rows=rows)
    return len(rows)


def compile_entry(key: str, name: str) -> str:
    """An entry of the district's own, published by its bureau."""
    fields = ({"name": "name", "label": "小区名称", "required": True}, {"name": "address", "label": "地址"})
    declared = DeclaredResource.model_validate({
        "key": key, "code": "308001/1", "name": name, "provider": "data_bureau", "abstract": "全区住宅小区的名称和地址，按月更新",
        "share_type": "unconditional", "update_cycle": "monthly", "fields": fields,
    })  # fmt: skip
    catalog.apply_declaration(_SYSTEM, "two_nodes", Entries(resources=(declared,)))
    return catalog.resource(key).provider_name


def open_interface(key: str, resource: str, key_field: str, fields: list[str], name: str) -> str:
    declared = DeclaredInterface(key=key, name=name, resource=resource, key_field=key_field, fields=tuple(fields))
    exchange.apply_declaration(_SYSTEM, "two_nodes", Declaration(interfaces=(declared,)))
    return exchange.interfaces([key])[key].provider_name


def admit(name: str, organisation: str, organisation_name: str, public_key: str) -> str:
    made = exchange.admit_node(
        _SYSTEM, name=name, organisation=organisation, organisation_name=organisation_name, public_key=public_key
    )
    return str(made.id)


def connect(**connection: str) -> None:
    exchange.connect_superior(_SYSTEM, connection=exchange.Connection(**connection))


def tend(superior: str) -> dict[str, Any]:
    went = exchange.tend_now(_SYSTEM, superior=superior)
    (row,) = [one for one in exchange.superiors() if one.key == superior]
    counts = {"accepted": row.reports.accepted, "refused": row.reports.refused, "waiting": row.reports.waiting}
    return {"went": went, "trouble": row.trouble, "offers": row.offers, "used_there": row.used_there, **counts}


def subscribe(**wish: Any) -> str:
    return str(exchange.subscribe(_SYSTEM, **wish).id)


def subscription() -> dict[str, Any]:
    one = exchange.subscriptions()[0]
    return {
        "state": one.state.value, "reason": one.reason, "interface": one.interface, "quota": one.quota_per_day,
        "fields": list(one.fields),
    }  # fmt: skip


def _requests(interface: str) -> list[Any]:
    every = exchange.requests(_SYSTEM, page=PageRequest(1, 500)).items
    return [one for one in every if one.interface == interface]


def check_request(interface: str) -> str:
    (one,) = _requests(interface)
    exchange.check_form(_SYSTEM, request_id=one.id, complete=True)
    return str(one.consumer_name)


def grant(interface: str, quota: int) -> dict[str, Any]:
    (one,) = _requests(interface)
    owner = person("数据管理员", one.provider, Permission.ANSWER, Permission.READ_GRANTS)
    done = exchange.answer_request(
        owner, request_id=one.id, granted=True, opinion="同意，用于履职核验", quota_per_day=quota
    )
    return {
        "state": done.state.value,
        "by": owner.organisation_name or one.provider_name,
        "fields": list(one.fields),
    }


def register(organisation: str, name: str, public_key: str) -> str:
    body = identity.organisation(organisation)
    made = exchange.register_client(
        _SYSTEM,
        organisation=organisation,
        organisation_name=body.name if body else "",
        name=name,
        public_key=public_key,
    )
    return str(made.id)


def proof(matter: str, interface: str) -> dict[str, Any]:
    """The record of a call, its bundle verified by this instance's public key and nothing else."""
    held = None
    end = time.monotonic() + _PATIENCE_SECONDS
    while held is None and time.monotonic() < end:
        held = ProofRecord.objects.filter(matter=matter, interface=interface, outcome="answered").first()
        time.sleep(0 if held else 0.2)
    if held is None:
        raise ProofUnknown()
    bundle = exchange.proof_bundle(_SYSTEM, held.id)
    exchange.verify_bundle(bundle, exchange.public_key())
    return {
        "id": str(held.id), "consumer": held.consumer_name, "who": held.who, "purpose": held.purpose, "rows": held.rows,
        "answer": held.answer_hash, "subject": held.subject,
    }  # fmt: skip


VERBS: dict[str, Callable[..., Any]] = {
    "key": exchange.own_node_key, "found": found, "compile_entry": compile_entry,
    "open_interface": open_interface, "admit": admit, "connect": connect,
    "tend": tend, "subscribe": subscribe, "subscription": subscription, "check_request": check_request, "grant": grant,
    "register": register, "proof": proof,
}  # fmt: skip

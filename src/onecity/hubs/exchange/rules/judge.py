"""May this call be answered? The order is law: grant → period → purpose → fields → consent. Quota is asked after, it counts.

Pure; raises the error that names the first thing missing. Sources: 国务院令第809号 政务数据共享条例（用途、范围）;
个人信息保护法 art. 13, 15 (consent can be withdrawn).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from onecity.hubs.exchange.contracts import Basis, CallRequest
from onecity.hubs.exchange.errors import (
    ConsentMissing,
    ConsentWithdrawn,
    FieldNotGranted,
    GrantExpired,
    InterfaceUnknown,
    NotGranted,
    PurposeNotGranted,
)
from onecity.hubs.exchange.rules.snapshot import ConsentFacts, GrantFacts, InterfaceFacts, Snapshot

__all__ = ["Judgement", "item_of", "judge", "judge_consent"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The call may be answered: by this grant, these items, under this consent (None for a statutory duty)."""

    interface: InterfaceFacts
    grant: GrantFacts
    fields: tuple[str, ...]
    consent: ConsentFacts | None = None


def judge(snapshot: Snapshot, consumer: str, call: CallRequest, today: date) -> Judgement:
    """Everything but consent and quota. `today` is the city's business date."""
    interface = snapshot.interfaces.get(call.interface)
    if interface is None:
        raise InterfaceUnknown(data={"interface": call.interface})
    grant = _grant(snapshot.grants.get((consumer, call.interface), ()), call, consumer, today)
    return Judgement(interface, grant, _fields(interface, grant, call.fields))


def _grant(grants: Sequence[GrantFacts], call: CallRequest, consumer: str, today: date) -> GrantFacts:
    data = {"interface": call.interface, "consumer": consumer}
    if not grants or not consumer:
        raise NotGranted(data=data)
    current = [g for g in grants if g.active and g.valid_from <= today <= g.valid_to]
    if not current:
        raise GrantExpired(data=data)
    for grant in current:
        if grant.purpose == call.purpose:
            return grant
    raise PurposeNotGranted(data={**data, "purpose": call.purpose})


def item_of(interface: InterfaceFacts, name: str) -> str:
    """The item a column name belongs to: F_ref and F_mask of an identifier are F."""
    for suffix in ("_ref", "_mask"):
        if name.endswith(suffix) and name.removesuffix(suffix) in interface.identifiers:
            return name.removesuffix(suffix)
    return name


def _fields(interface: InterfaceFacts, grant: GrantFacts, asked: Sequence[str]) -> tuple[str, ...]:
    if not asked:
        return tuple(name for name in interface.fields if name in grant.fields)
    beyond = sorted({name for name in asked if item_of(interface, name) not in grant.fields})
    if beyond:
        labels = "、".join(interface.labels.get(name, name) for name in beyond)
        raise FieldNotGranted(
            text=f"所取信息项超出授权范围：{labels}", data={"interface": interface.key, "fields": beyond}
        )
    return tuple(dict.fromkeys(asked))


def judge_consent(
    judgement: Judgement, call: CallRequest, consents: Iterable[ConsentFacts], now: datetime
) -> Judgement:
    """The consent the call stands on. A statutory duty needs none; a consent that is named must hold in any case."""
    if judgement.grant.basis is Basis.STATUTORY and call.consent_id is None:
        return judgement
    fitting = [c for c in consents if _fits(c, call)]
    holding = [c for c in fitting if not c.withdrawn and c.until > now]
    if holding:
        return Judgement(judgement.interface, judgement.grant, judgement.fields, holding[0])
    data = {"interface": call.interface, "matter": call.matter}
    if any(c.withdrawn for c in fitting):
        raise ConsentWithdrawn(data=data)
    raise ConsentMissing(data=data)


def _fits(consent: ConsentFacts, call: CallRequest) -> bool:
    if call.consent_id is not None and consent.id != call.consent_id:
        return False
    if consent.matter != call.matter or consent.purpose != call.purpose:
        return False
    return call.interface in consent.interfaces and (not consent.covers or call.subject in consent.covers)

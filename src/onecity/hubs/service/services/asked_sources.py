"""Which departments are asked for an application, and the authorisation for those that need one.

Owns the choice by tags and basis. Refuses to ask; `prefill` does.
"""

from dataclasses import replace
from datetime import date, datetime, time
from uuid import UUID

from onecity.hubs.exchange import api as exchange
from onecity.hubs.service.contracts import Basis, SourceState
from onecity.hubs.service.models import Application, ApplicationSource
from onecity.hubs.service.ports import BundleDeclaration
from onecity.hubs.service.rules.guide import relevant
from onecity.hubs.service.services.known import interface
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE, today
from onecity.kernel.ids import new_id
from onecity.kernel.subject import SubjectRef

__all__ = ["ask_consent", "asked_sources"]


def asked_sources(
    declared: BundleDeclaration, application: Application, tags: frozenset[str], consented: bool
) -> list[ApplicationSource]:
    """One row per source that applies; without consent those that need it are left to papers."""
    made = []
    for source in declared.sources:
        if not relevant(source.when, tags):
            continue
        basis = Basis(interface(source.interface).basis.value)
        papers = basis is Basis.AUTHORISATION and not consented
        made.append(
            ApplicationSource(
                id=new_id(),
                application_id=application.id,
                interface=source.interface,
                required=source.required,
                basis=basis,
                subject=application.applicant if source.about == "applicant" else application.person,
                state=SourceState.PAPER if papers else SourceState.PENDING,
            )
        )
    application.paper_route = any(s.state == SourceState.PAPER and s.required for s in made)
    return made


def ask_consent(
    actor: Actor, declared: BundleDeclaration, application: Application, sources: list[ApplicationSource],
    consented: bool, until: date | None,
) -> UUID | None:  # fmt: skip
    """Record the authorisation in the same transaction; None when no source needs one or it was not given."""
    asked = [source.interface for source in sources if source.basis == Basis.AUTHORISATION]
    if not consented or not asked:
        return None
    ends = datetime.combine(until or today(), time(23, 59, 59), CITY_ZONE)
    view = exchange.record_consent(
        replace(actor, behalf=SubjectRef(application.person)), subject=actor.subject, interfaces=tuple(asked),
        purpose=declared.purpose.zh, matter=application.number, until=ends,
        covers=tuple({SubjectRef(source.subject) for source in sources}),
    )  # fmt: skip
    return view.id

"""Fetching the departments' answers: gather outside any transaction, then write them all in one.

Owns who is asked, on whose behalf, and what a missing answer means. Refuses to hold a lock while a department thinks.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from onecity.hubs.exchange import api as exchange
from onecity.hubs.exchange.contracts import CallRequest, CallResult
from onecity.hubs.service.contracts import Basis, SourceState
from onecity.hubs.service.models import Application, ApplicationSource
from onecity.hubs.service.services.definitions import bundle_version
from onecity.hubs.service.services.known import named_organisation
from onecity.hubs.service.services.sealing import sealed
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import now, wall_now
from onecity.kernel.errors import CityError, NotPermitted, TooMany, Unavailable
from onecity.kernel.subject import SubjectRef

__all__ = ["Fetched", "answered", "fetch", "fetch_many", "pending", "store"]

RETRY_SECONDS = 4
PATIENT = 20  # attempts at that pace (well over a minute); afterwards the pauses grow
LONGEST_WAIT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What asking one source brought."""

    source: ApplicationSource
    answer: CallResult | CityError


def _caller(application: Application, owner: str) -> Actor:
    """The leading department asks, on behalf of the applicant: the grant is the department's, not the person's."""
    organisation = named_organisation(owner)
    return Actor(
        kind=ActorKind.SYSTEM,
        hub="service",
        name=organisation.name if organisation else owner,
        account_id=application.applicant_account,
        organisation=organisation.code if organisation else "",
        organisation_name=organisation.name if organisation else "",
        subject=SubjectRef(application.applicant),
        behalf=SubjectRef(application.person),
    )


def fetch(application: Application, sources: list[ApplicationSource]) -> list[Fetched]:
    """Ask all sources at once. Never raises for a single source; its error stands in the result."""
    return fetch_many([(application, sources)])


def fetch_many(wanted: list[tuple[Application, list[ApplicationSource]]]) -> list[Fetched]:
    """Ask for several applications, one gather per leading department's caller."""
    found: list[Fetched] = []
    for application, sources in wanted:
        declared = bundle_version(application.bundle, application.bundle_version)
        purpose = declared.purpose.zh
        calls = [
            CallRequest(
                interface=source.interface, subject=SubjectRef(source.subject), matter=application.number, purpose=purpose,
                consent_id=application.consent_id if source.basis == Basis.AUTHORISATION else None,
            )
            for source in sources
        ]  # fmt: skip
        caller = replace(_caller(application, declared.owner), purpose=purpose)
        answers = exchange.gather(
            caller, calls=calls, consumer=caller.organisation, consumer_name=caller.organisation_name
        )
        found += [Fetched(source, answer) for source, answer in zip(sources, answers, strict=True)]
    return found


_STORED = (
    ("id", "uuid"), ("state", "text"), ("sealed", "bytea"), ("provider", "text"), ("provider_name", "text"),
    ("as_of", "timestamptz"), ("at", "timestamptz"), ("proof_id", "text"), ("expected_at", "timestamptz"), ("attempts", "int"),
    ("retry_at", "timestamptz"), ("problem", "text"),
)  # fmt: skip
# The ORM's bulk_update writes a CASE per row and column: thirty times the work of this statement.
_STORE = (
    "UPDATE service_applicationsource s SET "
    + ", ".join(f"{name} = n.{name}" for name, _kind in _STORED[1:])
    + " FROM unnest("
    + ", ".join(f"%s::{kind}[]" for _name, kind in _STORED)
    + ") AS n("
    + ", ".join(name for name, _kind in _STORED)
    + ") WHERE s.id = n.id"
)


def store(fetched: list[Fetched]) -> None:
    """Write the answers onto their (locked) rows with one statement."""
    if not fetched:
        return
    for entry in fetched:
        _onto(entry.source, entry.answer)
    rows = [[getattr(entry.source, name) for name, _kind in _STORED] for entry in fetched]
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [list(column) for column in zip(*rows, strict=True)])


def _onto(source: ApplicationSource, answer: CallResult | CityError) -> None:
    source.attempts += 1
    source.at = now()
    if isinstance(answer, CallResult):
        source.state = SourceState.ANSWERED if answer.rows else SourceState.EMPTY
        source.sealed = sealed({"rows": [dict(row) for row in answer.rows]}, source.id)
        source.provider, source.provider_name = answer.provider, answer.provider_name
        source.as_of, source.proof_id = answer.as_of, str(answer.proof_id)
        source.expected_at = source.retry_at = None
        source.problem = ""
        return
    source.problem = str(answer.code)[:80]
    if isinstance(answer, NotPermitted):
        source.state, source.retry_at = SourceState.REFUSED, None
        return
    source.state = SourceState.WAITING
    source.expected_at = _expected(answer)
    source.retry_at = wall_now() + min(
        timedelta(seconds=RETRY_SECONDS * max(1, source.attempts - PATIENT)), LONGEST_WAIT
    )


def _expected(error: CityError) -> datetime | None:
    """When the source said it will be back; None when it did not say."""
    told = error.data.get("expected_at") if isinstance(error, Unavailable | TooMany) else None
    return datetime.fromisoformat(told) if isinstance(told, str) else told


def pending(application_id: UUID) -> list[ApplicationSource]:
    """Sources that still have to be asked."""
    return list(
        ApplicationSource.objects.filter(
            application_id=application_id, state__in=(SourceState.PENDING, SourceState.WAITING)
        ).order_by("interface")
    )


def answered(application_id: UUID, interface: str) -> list[ApplicationSource]:
    """Rows of one interface that have been answered: what a correction may change."""
    return list(
        ApplicationSource.objects.filter(
            application_id=application_id, interface=interface, state__in=(SourceState.ANSWERED, SourceState.EMPTY)
        )
    )

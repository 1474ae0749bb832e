"""Leaf of the front door: stewarding, files of entries, figures."""

from uuid import UUID

from django.db import transaction

from onecity.hubs.catalog.contracts import FieldType, HandoverView, ImportReport, MayAsk
from onecity.hubs.catalog.errors import SheetRefused
from onecity.hubs.catalog.ports import DeclaredResource
from onecity.hubs.catalog.rules.ddl import Proposal, proposals
from onecity.hubs.catalog.services import exchange_entries as _files
from onecity.hubs.catalog.services import hand_over as _handing
from onecity.hubs.catalog.services import name_source as _sources
from onecity.hubs.catalog.services.declared import declared_of as _declared_of
from onecity.hubs.catalog.services.editions import editions
from onecity.hubs.catalog.services.exchange_entries import propose_from_header, template_sheet
from onecity.hubs.catalog.services.figures import department, departments, health, refresh_uses, steward_board, stock
from onecity.hubs.catalog.services.hand_over import handovers, successors
from onecity.hubs.catalog.services.impact import impact_of
from onecity.hubs.catalog.services.lookup import resource_row
from onecity.hubs.catalog.services.name_source import asked_again, may_ask_again, second_sources
from onecity.hubs.catalog.services.provincial_report import provincial_report as _provincial_report
from onecity.hubs.catalog.services.provincial_report import published_entries
from onecity.kernel.actor import Actor

__all__ = [
    "asked_again", "declared", "department", "departments", "editions", "export_entries", "hand_over", "handovers",
    "health", "impact_of", "import_entries", "may_ask_again", "name_source", "propose",
    "propose_from_header", "provincial_report", "published_entries", "refresh_uses", "second_sources", "sign_handover",
    "state_reason", "steward_board", "stock", "successors", "template_sheet",
]  # fmt: skip


def propose(text: str, dialect: str = "") -> tuple[Proposal, ...]:
    """Entries proposed from pasted CREATE TABLE statements (`mysql`, `postgres`, `oracle`, `dm`; "" = tried in turn).

    Raises SheetRefused with the place that cannot be read. Nothing is written.
    """
    try:
        return proposals(text, dialect)
    except ValueError as error:
        raise SheetRefused(text=str(error), hint="请粘贴完整的 CREATE TABLE 语句，含字段注释") from error


def declared(resource: str) -> DeclaredResource:
    """An entry in the form it is declared in, e.g. to change a copy of it. Raises ResourceUnknown."""
    return _declared_of(resource_row(resource))


def export_entries(actor: Actor, /, *, form: str, provider: str = "") -> bytes:
    """Entries as a file, `xlsx` (national layout) or `json`; what the actor may compile for. Leaves a trace."""
    with transaction.atomic():
        return (_files.export_sheet if form == "xlsx" else _files.export_json)(actor, provider=provider)


def provincial_report(actor: Actor, /) -> bytes:
    """The published entries as a checksummed ZIP for the province (manifest with SM3 and SHA-256). Raises NotPermitted."""
    with transaction.atomic():
        return _provincial_report(actor)


def import_entries(actor: Actor, /, *, content: bytes, form: str, apply: bool = False) -> ImportReport:
    """Judge the entries of a file one by one; with `apply` the good ones are taken. Raises SheetRefused."""
    with transaction.atomic():
        return _files.import_entries(actor, content=content, form=form, apply=apply)


def name_source(actor: Actor, /, *, item: str, resource: str, reason: str) -> None:
    """The bureau names the authoritative source of an item. Raises ReasonMissing, ResourceUnknown."""
    with transaction.atomic():
        _sources.name_source(actor, item=item, resource=resource, reason=reason)


def state_reason(
    actor: Actor, /, *, label: str, type: FieldType | str = FieldType.TEXT, asker: str, reason: str
) -> MayAsk:
    """Say why a form asks the public for what could be shared. Raises ReasonMissing."""
    with transaction.atomic():
        return _sources.state_reason(actor, label=label, type=type, asker=asker, reason=reason)


def hand_over(actor: Actor, /, *, from_account: UUID, to_account: UUID, organisation: str, reason: str) -> HandoverView:
    """Pass a steward's entries and open tasks to the successor. Raises ReasonMissing, StepRefused."""
    with transaction.atomic():
        return _handing.hand_over(
            actor, from_account=from_account, to_account=to_account, organisation=organisation, reason=reason
        )


def sign_handover(actor: Actor, /, *, handover_id: UUID) -> HandoverView:
    """The successor signs the list. Raises NotPermitted."""
    with transaction.atomic():
        return _handing.sign_handover(actor, handover_id=handover_id)

"""Take in what a pack declares: messages, forms, dictionaries. Idempotent; a vanished key gets `valid_to`."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction

from onecity.hubs.support.contracts import Permission
from onecity.hubs.support.models import DictionaryEntry, MessageTemplate, PrintTemplate
from onecity.hubs.support.ports import DictionaryDeclaration, SupportDeclaration
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today
from onecity.kernel.policy import require

__all__ = ["apply_declaration"]


@transaction.atomic
def apply_declaration(actor: Actor, /, pack: str, content: SupportDeclaration) -> None:
    """Apply the whole of a pack's `declares/support.yaml`. Called by the pack loader as the system."""
    require(actor, Permission.DICTIONARY_EDIT)
    at = now()
    _keep(
        MessageTemplate, pack, at,
        {
            d.key: {
                "title_zh": d.title.zh, "title_en": d.title.en, "body_zh": d.body.zh, "body_en": d.body.en,
                "sms": d.sms,
                "signature": d.signature, "personal": list(d.personal), "urgent": d.urgent,
            }
            for d in content.messages
        },
    )  # fmt: skip
    _keep(
        PrintTemplate, pack, at,
        {
            d.key: {
                "title_zh": d.title.zh, "title_en": d.title.en, "body": d.body, "fields": list(d.fields),
                "series": d.series, "landscape": d.landscape,
            }
            for d in content.prints
        },
    )  # fmt: skip
    _keep_dictionaries(pack, content.dictionaries)
    audit.record(actor, "support.apply_declaration", target="kernel.pack", target_id=pack)


def _keep(table: type[models.Model], pack: str, at: datetime, rows: dict[str, dict[str, Any]]) -> None:
    manager: Any = table._default_manager
    for key, values in rows.items():
        manager.update_or_create(
            pack=pack, key=key, defaults={**values, "valid_to": None}, create_defaults={**values, "valid_from": at}
        )
    manager.filter(pack=pack, valid_to=None).exclude(key__in=rows).update(valid_to=at)


def _keep_dictionaries(pack: str, declared: Iterable[DictionaryDeclaration]) -> None:
    kept: list[Any] = []
    for dictionary in declared:
        for position, entry in enumerate(dictionary.entries):
            row, _ = DictionaryEntry.objects.update_or_create(
                dictionary=dictionary.key, code=entry.code, valid_from=entry.valid_from,
                defaults={
                    "pack": pack, "label_zh": entry.zh, "label_en": entry.en, "position": position,
                    "valid_to": entry.valid_to, "source": entry.source,
                },
            )  # fmt: skip
            kept.append(row.id)
    vanished = DictionaryEntry.objects.filter(pack=pack, valid_to=None).exclude(id__in=kept)
    vanished.update(valid_to=today() - timedelta(days=1))

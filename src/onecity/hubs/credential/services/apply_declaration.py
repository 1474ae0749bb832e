"""Take in the types a pack declares. Idempotent; a vanished key gets `valid_to` and its certificates live on."""

from pathlib import Path

from django.db import transaction

from onecity.hubs.credential.contracts import Permission
from onecity.hubs.credential.models import CertificateType
from onecity.hubs.credential.ports import CredentialDeclaration, TypeDeclaration
from onecity.hubs.support import api as support
from onecity.hubs.support.ports import SupportDeclaration
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.policy import require

__all__ = ["COMMON_FORM", "apply_declaration"]

COMMON_FORM = "credential.certificate"
_FORM = Path(__file__).resolve().parent.parent / "typst" / "certificate.typ"


@transaction.atomic
def apply_declaration(actor: Actor, /, pack: str, content: CredentialDeclaration) -> None:
    """Apply the whole of a pack's `declares/credential.yaml`. Called by the pack loader as the system."""
    require(actor, Permission.TYPE_DECLARE)
    at = now()
    _keep_common_form(actor)
    for declared in content.types:
        values = _values(declared)
        CertificateType.objects.update_or_create(
            pack=pack,
            key=declared.key,
            defaults={**values, "valid_to": None},
            create_defaults={**values, "valid_from": at},
        )
    keys = [declared.key for declared in content.types]
    CertificateType.objects.filter(pack=pack, valid_to=None).exclude(key__in=keys).update(valid_to=at)
    audit.record(actor, "credential.apply_declaration", target="kernel.pack", target_id=pack)


def _values(declared: TypeDeclaration) -> dict[str, object]:
    return {
        "code": declared.code, "name_zh": declared.names.zh, "name_en": declared.names.en,
        "issuer_key": declared.issuer,
        "series": declared.series, "fields": [field.model_dump() for field in declared.fields],
        "valid_days": declared.valid_days, "show_seconds": declared.show_seconds,
        "print_template": declared.print_template, "seal_words": declared.seal_words, "algorithm": declared.algorithm,
    }  # fmt: skip


def _keep_common_form(actor: Actor) -> None:
    """The page of every type that declares no form of its own."""
    form = {
        "key": COMMON_FORM,
        "title": {"zh": "电子证照", "en": "Electronic certificate"},
        "body": _FORM.read_text("utf-8"),
        "fields": [
            "type_name",
            "holder_name",
            "fields",
            "issuer_name",
            "issued_on",
            "validity",
            "identifier",
            "seal_words",
        ],
    }
    support.apply_declaration(actor, "credential", SupportDeclaration.model_validate({"prints": [form]}))

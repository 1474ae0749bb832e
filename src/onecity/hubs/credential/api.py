"""The front door of 无证明城市. Every verb takes the actor first; checks of what a stranger holds need no actor."""

from onecity.hubs.credential.contracts import (
    CertificateFilter,
    CertificateStatus,
    CertificateTypeView,
    CertificateView,
    IssueRequest,
    LabelledField,
    Outcome,
    Permission,
    SeenBy,
    Showing,
    VerifyResult,
)
from onecity.hubs.credential.queries import (
    certificate,
    certificate_types,
    certificates,
    public_keys,
    seen_by,
    status_list,
    wallet,
    wallet_count,
)
from onecity.hubs.credential.services.apply_declaration import apply_declaration
from onecity.hubs.credential.services.change_status import cancel, replace, restore, revoke, suspend
from onecity.hubs.credential.services.document import pdf
from onecity.hubs.credential.services.issue import issue, issue_batch
from onecity.hubs.credential.services.show import check_shown, show
from onecity.hubs.credential.services.verify import verify_payload, verify_pdf

__all__ = [
    "CertificateFilter", "CertificateStatus", "CertificateTypeView", "CertificateView", "IssueRequest", "LabelledField",
    "Outcome", "Permission", "SeenBy", "Showing", "VerifyResult", "apply_declaration", "cancel", "certificate",
    "certificate_types", "certificates", "check_shown", "issue", "issue_batch", "pdf", "public_keys", "replace",
    "restore",
    "revoke", "seen_by", "show", "status_list", "suspend", "verify_payload", "verify_pdf", "wallet", "wallet_count",
]  # fmt: skip

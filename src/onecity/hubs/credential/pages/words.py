"""Words and tones of states, shared by the screens."""

from datetime import date

from django.utils.translation import gettext as _

from onecity.hubs.credential.contracts import CertificateStatus, CertificateView, Outcome, VerifyResult
from onecity.ui.contracts import Fact, TagMark, Tone
from onecity.ui.formats import chinese_date

__all__ = ["outcome_tone", "outcome_word", "period", "result_facts", "status_mark", "view_facts"]


def status_mark(status: CertificateStatus) -> TagMark:
    """The state as a word in a tone."""
    marks: dict[CertificateStatus, tuple[str, Tone]] = {
        CertificateStatus.VALID: (_("有效"), "good"),
        CertificateStatus.SUSPENDED: (_("暂扣"), "warn"),
        CertificateStatus.REVOKED: (_("已撤销"), "alarm"),
        CertificateStatus.CANCELLED: (_("已注销"), "still"),
        CertificateStatus.EXPIRED: (_("已过期"), "still"),
        CertificateStatus.REPLACED: (_("已变更"), "still"),
    }
    return TagMark(*marks[status])


def outcome_word(outcome: Outcome) -> str:
    """The big word of a check."""
    return {
        Outcome.VALID: _("有效"), Outcome.NOT_YET: _("未生效"), Outcome.EXPIRED: _("已过期"),
        Outcome.SUSPENDED: _("暂扣中"), Outcome.REVOKED: _("已撤销"), Outcome.CANCELLED: _("已注销"),
        Outcome.REPLACED: _("已变更"), Outcome.FORGED: _("签名不符"), Outcome.UNKNOWN: _("查无此证"),
    }[outcome]  # fmt: skip


def outcome_tone(outcome: Outcome) -> Tone:
    """Green only for what may be relied upon."""
    if outcome is Outcome.VALID:
        return "good"
    return "warn" if outcome in (Outcome.NOT_YET, Outcome.EXPIRED, Outcome.SUSPENDED, Outcome.REPLACED) else "alarm"


def period(begin: date | None, end: date | None) -> str:
    """2026年8月1日 至 2027年7月31日."""
    until = chinese_date(end) if end else _("长期")
    return f"{chinese_date(begin)} {_('至')} {until}"


def result_facts(result: VerifyResult) -> list[Fact]:
    """What a check may say besides the big word."""
    if not result.number:
        return []
    facts = [
        Fact(_("证照"), result.type_name), Fact(_("证照编号"), result.number),
        Fact(_("持证人"), result.holder_name_masked), Fact(_("颁发机构"), result.issuer_name),
        Fact(_("有效期"), period(result.valid_from, result.valid_to)),
    ]  # fmt: skip
    return facts + [Fact(label, value) for label, value in result.fields.items()]


def view_facts(view: CertificateView) -> list[Fact]:
    """A certificate as a list of facts."""
    facts = [Fact(_("持证人"), view.holder_name or view.holder_name_masked)]
    facts += [Fact(field.label, field.value) for field in view.labelled]
    facts += [
        Fact(_("有效期"), period(view.valid_from, view.valid_to)), Fact(_("颁发机构"), view.issuer_name),
        Fact(_("证照编号"), view.number), Fact(_("证照标识"), view.identifier),
    ]  # fmt: skip
    if view.status_reason:
        facts.append(Fact(_("状态说明"), view.status_reason))
    return facts

"""Who may stand for whom. Refuses to know kinship: it is a fact of the registers, recorded here with its source."""

from collections.abc import Iterable
from datetime import date

from onecity.hubs.identity.contracts import MandateKind, MandateRow, MandateView
from onecity.hubs.identity.rules.validity import in_force, period_faults
from onecity.kernel.subject import SubjectRef

__all__ = ["mandate_faults", "may_act_for"]


def mandate_faults(row: MandateRow) -> tuple[str, ...]:
    """Everything wrong with a mandate."""
    faults = list(period_faults(row.valid_from, row.valid_to))
    if row.kind not in set(MandateKind):
        faults.append("代理类型应为 guardian、agent、legal_representative 之一")
    if not row.source.strip():
        faults.append("缺少来源：请写明登记簿、授权书编号等")
    if not row.principal or not row.agent:
        faults.append("缺少被代理人或代理人")
    elif row.principal == row.agent:
        faults.append("被代理人不能是本人")
    if row.kind == MandateKind.AGENT and row.valid_to is None:
        faults.append("委托代理应有截止日期")
    return tuple(faults)


def may_act_for(principal: SubjectRef, agent: SubjectRef, mandates: Iterable[MandateView], day: date) -> bool:
    """Whether one of the agent's mandates covers `principal` on `day`."""
    return any(
        m.principal == principal and m.agent == agent and in_force(m.valid_from, m.valid_to, day) for m in mandates
    )

"""What an outcome of a call means for the person concerned. Owns the words; the codes are those of the errors."""

__all__ = ["outcome_text"]

_WORDS = {
    "exchange.not_granted": "已拒绝：没有授权",
    "exchange.purpose_not_granted": "已拒绝：用途不符",
    "exchange.grant_expired": "已拒绝：授权已失效",
    "exchange.field_not_granted": "已拒绝：超出授权范围",
    "exchange.consent_missing": "已拒绝：没有本人授权",
    "exchange.consent_withdrawn": "已拒绝：本人已撤回授权",
    "exchange.quota_exceeded": "已拒绝：超出调用次数",
    "exchange.source_unavailable": "未取得数据：来源系统没有响应",
    "exchange.source_garbage": "未取得数据：来源系统返回异常",
}


def outcome_text(outcome: str, rows: int) -> str:
    """A sentence of a few words; unknown codes are refusals."""
    if outcome == "answered":
        return f"已提供 {rows} 条" if rows else "没有登记信息"
    return _WORDS.get(outcome, "已拒绝")

"""The life of a certificate as a table one can read aloud, and what a check concludes from it.

Source: states and acts of GB/T 36903-2018; 变更 makes a new version that links its predecessor (GB/T 36904-2018).
"""

from datetime import date
from typing import Final

from onecity.hubs.credential.contracts import CertificateStatus as S
from onecity.hubs.credential.contracts import Outcome

__all__ = ["ACTS", "current", "next_status", "outcome", "sentence"]

ACTS: Final[dict[tuple[S, str], S]] = {
    (S.VALID, "suspend"): S.SUSPENDED,
    (S.VALID, "revoke"): S.REVOKED,
    (S.VALID, "cancel"): S.CANCELLED,
    (S.VALID, "replace"): S.REPLACED,
    (S.SUSPENDED, "restore"): S.VALID,
    (S.SUSPENDED, "revoke"): S.REVOKED,
    (S.SUSPENDED, "cancel"): S.CANCELLED,
}
"""(state, act) → state: 暂扣 suspend, 发还 restore, 撤销 revoke, 注销 cancel, 变更 replace. What is not here is
refused.
"""

_SENTENCES: Final = {
    Outcome.VALID: "证照有效",
    Outcome.NOT_YET: "证照尚未到生效日期",
    Outcome.EXPIRED: "证照已过有效期",
    Outcome.SUSPENDED: "证照被暂扣，暂时不能使用",
    Outcome.REVOKED: "证照已被撤销，不能使用",
    Outcome.CANCELLED: "证照已注销，不能使用",
    Outcome.REPLACED: "证照已变更，请出示新版本",
    Outcome.FORGED: "签名不符，内容被改动或不是本机构签发",
    Outcome.UNKNOWN: "没有查到这份证照",
}


def next_status(status: S, act: str) -> S | None:
    """The state after `act`; None when the act is not possible."""
    return ACTS.get((status, act))


def current(stored: S, valid_to: date | None, today: date) -> S:
    """The state as people read it: a valid certificate past its last day is expired."""
    return S.EXPIRED if stored is S.VALID and valid_to is not None and today > valid_to else stored


def outcome(status: S, valid_from: date, valid_to: date | None, today: date) -> Outcome:
    """What a check concludes when the signature holds."""
    now = current(status, valid_to, today)
    if now is S.VALID and today < valid_from:
        return Outcome.NOT_YET
    return Outcome(now.value)


def sentence(found: Outcome) -> str:
    """The sentence to read out."""
    return _SENTENCES[found]

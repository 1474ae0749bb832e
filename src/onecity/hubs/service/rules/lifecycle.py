"""The states of an application, as a table that can be read aloud.

Owns which act leads from which state to which. Refuses to write it down.
"""

from onecity.hubs.service.contracts import ApplicationState as S
from onecity.hubs.service.errors import StateForbids

__all__ = ["ACTS", "FINISHED", "OPEN", "after", "allowed"]

OPEN = frozenset({S.DRAFT, S.WAITING_DATA, S.IN_REVIEW, S.SUPPLEMENT, S.QUALIFIED})
FINISHED = frozenset({S.GRANTED, S.REFUSED, S.WITHDRAWN})

ACTS: dict[tuple[str, S], S] = {
    # act, from → to
    ("submit_complete", S.DRAFT): S.IN_REVIEW,  # every department has answered
    ("submit_waiting", S.DRAFT): S.WAITING_DATA,  # accepted; the clock of the person does not run
    ("data_complete", S.WAITING_DATA): S.IN_REVIEW,
    ("qualify", S.IN_REVIEW): S.QUALIFIED,  # by rule or by a reviewer
    ("send_back", S.IN_REVIEW): S.SUPPLEMENT,  # told once what is missing (行政许可法 §32)
    ("resubmit", S.SUPPLEMENT): S.IN_REVIEW,
    ("refuse", S.IN_REVIEW): S.REFUSED,
    ("refuse", S.QUALIFIED): S.REFUSED,
    ("grant", S.QUALIFIED): S.GRANTED,
    ("grant", S.IN_REVIEW): S.GRANTED,
    ("withdraw", S.DRAFT): S.WITHDRAWN,
    ("withdraw", S.WAITING_DATA): S.WITHDRAWN,
    ("withdraw", S.IN_REVIEW): S.WITHDRAWN,
    ("withdraw", S.SUPPLEMENT): S.WITHDRAWN,
    ("withdraw", S.QUALIFIED): S.WITHDRAWN,
    ("to_paper", S.DRAFT): S.DRAFT,
    ("to_paper", S.WAITING_DATA): S.SUPPLEMENT,  # papers must now be brought, under the same number
    ("to_paper", S.IN_REVIEW): S.SUPPLEMENT,
    ("to_paper", S.SUPPLEMENT): S.SUPPLEMENT,
    ("to_paper", S.QUALIFIED): S.SUPPLEMENT,
    ("reopen", S.QUALIFIED): S.IN_REVIEW,  # a corrected field changes what was decided
}


def allowed(act: str, state: S) -> bool:
    """Whether `act` is possible in `state`."""
    return (act, state) in ACTS


def after(act: str, state: S) -> S:
    """The state `act` leads to. Raises StateForbids."""
    try:
        return ACTS[act, state]
    except KeyError:
        raise StateForbids(data={"act": act, "state": str(state)}) from None

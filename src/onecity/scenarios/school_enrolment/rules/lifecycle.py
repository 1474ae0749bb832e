"""The life of a round, as a table to read aloud: collection → school check → district review → publicity → admission → closed.

Owns which act leads where. Refuses to write it down.
"""

from enum import StrEnum

__all__ = ["ACTS", "STATE_WORDS", "RoundState", "after", "next_act"]


class RoundState(StrEnum):
    """Where a round stands."""

    COLLECTION = "collection"
    SCHOOL_CHECK = "school_check"
    DISTRICT_REVIEW = "district_review"
    PUBLICITY = "publicity"
    ADMISSION = "admission"
    CLOSED = "closed"


STATE_WORDS: dict[RoundState, tuple[str, str]] = {
    RoundState.COLLECTION: ("信息采集", "Collection"),
    RoundState.SCHOOL_CHECK: ("学校初审", "School check"),
    RoundState.DISTRICT_REVIEW: ("区教体局复核", "District review"),
    RoundState.PUBLICITY: ("公示", "Publicity"),
    RoundState.ADMISSION: ("录取", "Admission"),
    RoundState.CLOSED: ("已结束", "Closed"),
}

ACTS: dict[tuple[str, RoundState], RoundState] = {
    # act, from → to
    (
        "close_collection",
        RoundState.COLLECTION,
    ): RoundState.SCHOOL_CHECK,  # nobody is turned away: later ones wait for the late round
    ("finish_school_check", RoundState.SCHOOL_CHECK): RoundState.DISTRICT_REVIEW,  # every school has checked its list
    ("publish", RoundState.DISTRICT_REVIEW): RoundState.PUBLICITY,  # the district approves by publishing
    ("send_back", RoundState.DISTRICT_REVIEW): RoundState.SCHOOL_CHECK,  # with a reason
    ("draw", RoundState.PUBLICITY): RoundState.PUBLICITY,  # only where seats run out and the district draws
    ("admit", RoundState.PUBLICITY): RoundState.ADMISSION,  # after the natural days of publicity, objections answered
    ("close", RoundState.ADMISSION): RoundState.CLOSED,  # the late round may open
}


def after(act: str, state: RoundState) -> RoundState | None:
    """The state `act` leads to; None when the act is not possible now."""
    return ACTS.get((act, state))


def next_act(state: RoundState) -> str:
    """The act a round waits for; "" at the end."""
    forward = [act for (act, start), end in ACTS.items() if start is state and end is not state and act != "send_back"]
    return forward[0] if forward else ""

"""What was saved, computed from the definitions of the items: papers, visits, working days.

Owns the formula and its sentence（口径）. Refuses figures that were typed in.
"""

from collections.abc import Sequence
from typing import Protocol

from onecity.hubs.service.contracts import Savings

__all__ = ["DEFINITION", "savings_of"]

DEFINITION = (
    "减材料＝各事项原需材料份数之和－仍需份数（多个事项共用的同名材料原来各交一次）；"
    "减跑动＝各事项原到现场次数之和－现次数；减时限＝各事项法定时限中最长者－承诺时限中最长者（工作日）。"
)


class _Material(Protocol):
    @property
    def copies(self) -> int: ...
    @property
    def replaced_by(self) -> str: ...


class SavingItem(Protocol):
    """What the formula needs of an item."""

    @property
    def materials(self) -> Sequence[_Material]: ...
    @property
    def visits_before(self) -> int: ...
    @property
    def visits_after(self) -> int: ...
    @property
    def legal_days(self) -> int: ...
    @property
    def promised_days(self) -> int: ...


def savings_of(items: Sequence[SavingItem], *, paper_route: bool = False) -> Savings:
    """Savings of one application of these items; on the paper route papers and visits stay as before."""
    before = sum(material.copies for item in items for material in item.materials)
    left = sum(material.copies for item in items for material in item.materials if not material.replaced_by)
    visits = sum(item.visits_before for item in items)
    return Savings(
        papers_before=before,
        papers_after=before if paper_route else left,
        visits_before=visits,
        visits_after=visits if paper_route else sum(item.visits_after for item in items),
        days_before=max((item.legal_days for item in items), default=0),
        days_after=max((item.promised_days for item in items), default=0),
    )

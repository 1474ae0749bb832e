"""The typical use: observations against the vehicle registry, both as governed batches for the ecology bureau."""

import time
from collections.abc import Iterator

import duckdb
from django.utils.translation import gettext_lazy as _

from onecity.hubs.exchange import api as exchange
from onecity.hubs.registers.contracts import UseFigure, UseProof, UseReport, UseRow
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.scenarios.black_smoke.rules import VERSION, Seen, suspects

__all__ = ["USES", "BlackSmoke", "joined"]

PURPOSE = "黑烟车筛查"
_SHOWN = 500
_JOIN = """
SELECT s.plate, coalesce(v.owner_number_ref, ''), coalesce(v.fuel, ''), coalesce(s.darkness, 0), coalesce(s.site, '')
FROM read_parquet($seen) s LEFT JOIN (
  SELECT plate, any_value(owner_number_ref) AS owner_number_ref, any_value(fuel) AS fuel FROM read_parquet($vehicle) GROUP BY plate
) v USING (plate) WHERE s.plate IS NOT NULL
"""


def joined(seen: str, vehicle: str) -> Iterator[Seen]:
    """Observations with what the registry knows of the plate."""
    with duckdb.connect() as database:
        for row in database.execute(_JOIN, {"seen": seen, "vehicle": vehicle}).fetchall():
            yield Seen(*row)


class BlackSmoke:
    """黑烟车."""

    key = "black_smoke"
    title = _("黑烟车筛查")
    about = _("两次以上被拍到黑烟的登记柴油车，通知到检测站检测。抓拍不直接处罚，检测结果才是依据。")
    consumer = "ecology"

    def run(self, actor: Actor) -> UseReport:
        """Ask, join, pick."""
        began = time.perf_counter()
        batches = [
            exchange.open_batch(actor, interface=name, fields=(), purpose=PURPOSE, matter=PURPOSE)
            for name in ("smoke_seen", "smoke_vehicle")
        ]
        seen = list(joined(batches[0].path, batches[1].path))
        found = suspects(seen)
        unknown = sum(not one.fuel for one in seen)
        figures = (
            UseFigure("抓拍记录", len(seen), "本期遥感监测和抓拍的记录数", "条"),
            UseFigure("疑似黑烟车", len(found), "登记为柴油、两次以上黑度达到 1.8 级的车辆数", "辆"),
            UseFigure("号牌查无登记", unknown, "抓拍号牌不在机动车登记中：误读或外地车", "条"),
        )
        rows = tuple(
            UseRow(
                one.owner, (one.plate, f"{one.times} 次", f"{one.darkest / 10:.1f} 级", "、".join(one.sites)), "warn"
            )
            for one in found[:_SHOWN]
        )
        proofs = tuple(UseProof(one.resource, one.rows, one.version, one.proof_id) for one in batches)
        return UseReport(
            self.key,
            now(),
            figures,
            ("号牌", "次数", "最高黑度", "点位"),
            rows,
            proofs,
            VERSION,
            time.perf_counter() - began,
        )


USES = (BlackSmoke(),)

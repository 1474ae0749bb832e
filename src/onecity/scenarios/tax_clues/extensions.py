"""The typical use: six governed batches for the tax bureau, joined by reference, weighed by `rules`."""

import time
from collections.abc import Iterator
from typing import Any

import duckdb
from django.utils.translation import gettext_lazy as _

from onecity.hubs.exchange import api as exchange
from onecity.hubs.exchange.contracts import BatchView
from onecity.hubs.registers.contracts import UseFigure, UseProof, UseReport, UseRow
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today
from onecity.scenarios.tax_clues.rules import VERSION, Clue, Firm, clues

__all__ = ["USES", "TaxClues", "joined"]

PURPOSE = "涉税线索核查"
SOURCES = ("market_entity", "tax_payer", "tax_return", "insured_firm", "power_use", "permit")
_SHOWN = 500

# One row a firm without a recent return. Joined in DuckDB: a city of millions of firms is one pass.
_JOIN = """
WITH periods AS (SELECT DISTINCT period FROM read_parquet($tax_return) ORDER BY period DESC LIMIT 2),
filed AS (SELECT credit_code_ref AS ref, count(*) AS n FROM read_parquet($tax_return)
          WHERE period IN (SELECT period FROM periods) GROUP BY 1),
power AS (SELECT credit_code_ref AS ref, avg(kwh) AS kwh FROM read_parquet($power_use) GROUP BY 1),
people AS (SELECT credit_code_ref AS ref, max(insured) AS insured FROM read_parquet($insured_firm) GROUP BY 1),
allowed AS (SELECT credit_code_ref AS ref, count(*) AS permits FROM read_parquet($permit) WHERE state = '有效' GROUP BY 1),
payers AS (SELECT credit_code_ref AS ref, any_value(levy) AS levy FROM read_parquet($tax_payer) GROUP BY 1),
firms AS (SELECT credit_code_ref AS ref, any_value(credit_code) AS code, any_value(name) AS name,
          any_value(status) AS status, any_value(established) AS established FROM read_parquet($market_entity) GROUP BY 1)
SELECT ref, name || ' ' || code, status, established, coalesce(levy, ''), coalesce(n, 0), coalesce(insured, 0), coalesce(kwh, 0),
       coalesce(permits, 0)
FROM firms LEFT JOIN filed USING (ref) LEFT JOIN power USING (ref) LEFT JOIN people USING (ref)
LEFT JOIN allowed USING (ref) LEFT JOIN payers USING (ref)
WHERE n IS NULL
"""


def joined(paths: dict[str, str]) -> Iterator[Firm]:
    """Firms without a recent return, from the batches at `paths`."""
    with duckdb.connect() as database:
        cursor = database.execute(_JOIN, paths)
        while rows := cursor.fetchmany(10_000):
            for row in rows:
                yield Firm(*_plain(row))


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(float(value) if place == 7 else value for place, value in enumerate(row))


class TaxClues:
    """涉税线索."""

    key = "tax_clues"
    title = _("涉税线索核查")
    about = _("有参保、用电、许可等经营迹象而近两期没有纳税申报的经营主体。线索须经核查，不作为征税决定。")
    consumer = "tax"

    def run(self, actor: Actor) -> UseReport:
        """Ask, join, weigh."""
        began = time.perf_counter()
        batches = {
            name: exchange.open_batch(
                actor, interface=f"clue_{name}", fields=(), purpose=PURPOSE, matter="涉税线索核查"
            )
            for name in SOURCES
        }
        found = clues(joined({name: batch.path for name, batch in batches.items()}), today())
        return UseReport(
            self.key, now(), _figures(found, batches["market_entity"]), ("主体", "迹象", "分值"),
            tuple(_row(one) for one in found[:_SHOWN]), tuple(_proof(one) for one in batches.values()), VERSION,
            time.perf_counter() - began,
        )  # fmt: skip


def _figures(found: list[Clue], firms: BatchView) -> tuple[UseFigure, ...]:
    strong = sum(one.weight > 2 for one in found)
    return (
        UseFigure("经营主体", firms.rows, "参与比对的登记主体行数", "户"),
        UseFigure("线索", len(found), "存续满 120 天、非定期定额、近两期无申报，且经营迹象分值不低于 2", "条"),
        UseFigure("其中较强", strong, "分值 3 以上", "条"),
    )


def _row(one: Clue) -> UseRow:
    return UseRow(
        one.firm.ref, (one.firm.name, "；".join(one.signals), str(one.weight)), "warn" if one.weight > 2 else "plain"
    )


def _proof(batch: BatchView) -> UseProof:
    return UseProof(batch.resource, batch.rows, batch.version, batch.proof_id)


USES = (TaxClues(),)

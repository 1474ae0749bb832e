"""Two typical uses over the court's list: customs release, and subsidies for research. Batches first, then the registers' rule book."""

import time
from collections import Counter

import duckdb
from django.utils.translation import gettext_lazy as _

from onecity.hubs.exchange import api as exchange
from onecity.hubs.exchange.contracts import BatchView
from onecity.hubs.registers import api as registers
from onecity.hubs.registers.contracts import CreditVerdict, UseFigure, UseProof, UseReport, UseRow, VerdictEffect
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today
from onecity.kernel.subject import SubjectRef
from onecity.scenarios.honest_firms.rules import VERSION, Listed, days_to_release, in_force, inspection_share

__all__ = ["USES", "CustomsRelease", "ResearchSubsidies"]

PURPOSE = "守信激励与失信惩戒"
_SHOWN = 500
_LIST = "SELECT credit_code_ref, CAST(published_on AS DATE), CAST(removed_on AS DATE) FROM read_parquet(?) WHERE published_on IS NOT NULL"
_TONES = {VerdictEffect.FAVOUR: "good", VerdictEffect.NONE: "plain", VerdictEffect.RESTRAIN: "alarm"}


def _batch(actor: Actor, interface: str) -> BatchView:
    return exchange.open_batch(actor, interface=interface, fields=(), purpose=PURPOSE, matter=PURPOSE)


def _listed(path: str) -> set[str]:
    with duckdb.connect() as database:
        rows = database.execute(_LIST, [path]).fetchall()
    return in_force((Listed(*row) for row in rows), today())


def _rows(path: str, query: str) -> list[tuple[str, ...]]:
    with duckdb.connect() as database:
        return database.execute(query.replace("$path", "?"), [path]).fetchall()


def _proofs(*batches: BatchView) -> tuple[UseProof, ...]:
    return tuple(UseProof(one.resource, one.rows, one.version, one.proof_id) for one in batches)


def _judged(
    actor: Actor, matter: str, black: set[str], red: set[str], refs: list[str]
) -> dict[SubjectRef, CreditVerdict]:
    lists = {
        SubjectRef(ref): (("dishonest",) if ref in black else (), ("customs_authorised",) if ref in red else ())
        for ref in refs
    }
    return registers.judge_credit(actor, matter=matter, lists=lists)


class CustomsRelease:
    """海关快速放行与失信查验."""

    key = "customs_release"
    title = _("守信企业快速放行、失信企业逐票查验")
    about = _("海关高级认证企业缩短放行时间；失信被执行人的货物逐票查验。认证与名单并存时，以限制为先。")
    consumer = "customs"

    def run(self, actor: Actor) -> UseReport:
        """Ratings and the court's list, judged by the rule book."""
        began = time.perf_counter()
        ratings, listed = _batch(actor, "honest_customs_rating"), _batch(actor, "honest_dishonest_customs")
        firms = _rows(
            ratings.path, "SELECT DISTINCT credit_code_ref, credit_code, name, rating FROM read_parquet($path)"
        )
        red = {row[0] for row in firms if row[3] == "高级认证企业"}
        verdicts = _judged(actor, "customs_release", _listed(listed.path), red, [row[0] for row in firms])
        counts = Counter(one.effect for one in verdicts.values())
        rows = tuple(_row(row, verdicts[SubjectRef(row[0])]) for row in firms)
        order = {"alarm": 0, "good": 1, "plain": 2}
        return UseReport(
            self.key, now(), _customs_figures(counts), ("企业", "海关等级", "措施", "放行天数", "查验"),
            tuple(sorted(rows, key=lambda one: order[one.tone]))[:_SHOWN], _proofs(ratings, listed), VERSION,
            time.perf_counter() - began,
        )  # fmt: skip


def _customs_figures(counts: Counter[VerdictEffect]) -> tuple[UseFigure, ...]:
    fast = counts[VerdictEffect.FAVOUR]
    saved = fast * (days_to_release("none") - days_to_release("favour"))
    return (
        UseFigure("进出口企业", sum(counts.values()), "有海关信用等级的企业数", "户"),
        UseFigure("快速放行", fast, "高级认证且不在失信名单有效期内", "户"),
        UseFigure("逐票查验", counts[VerdictEffect.RESTRAIN], "在失信被执行人名单有效期内", "户"),
        UseFigure("每批节省", saved, "快速放行企业各一批货物合计少等的天数：每批 20 天减为一周内", "天"),
    )


def _row(row: tuple[str, ...], verdict: CreditVerdict) -> UseRow:
    effect = verdict.effect.value
    words = (
        f"{row[2] or '—'} {row[1]}", row[3], verdict.measure or "—", str(days_to_release(effect)), f"{inspection_share(effect)}%",
    )  # fmt: skip
    return UseRow(row[0], words, _TONES[verdict.effect])


class ResearchSubsidies:
    """科研补助失信限制."""

    key = "rd_subsidy"
    title = _("失信企业限制科研补助")
    about = _("申报财政性科研补助的企业逐一核对失信名单。列入名单的提示限制，由科技部门依法决定并告知救济途径。")
    consumer = "science"

    def run(self, actor: Actor) -> UseReport:
        """Applications against the court's list."""
        began = time.perf_counter()
        asked, listed = _batch(actor, "honest_rd_grant"), _batch(actor, "honest_dishonest_science")
        rows = _rows(
            asked.path,
            "SELECT DISTINCT credit_code_ref, credit_code, name, project_no, amount FROM read_parquet($path)",
        )
        verdicts = _judged(actor, "rd_subsidy", _listed(listed.path), set(), [row[0] for row in rows])
        barred = [row for row in rows if verdicts[SubjectRef(row[0])].effect is VerdictEffect.RESTRAIN]
        found = tuple(
            UseRow(
                row[0],
                (f"{row[2] or '—'} {row[1]}", row[3], f"{row[4]} 万元", verdicts[SubjectRef(row[0])].source),
                "alarm",
            )
            for row in barred
        )
        figures = (
            UseFigure("申报项目", len(rows), "本年度受理、尚在审核的科研补助申报", "项"),
            UseFigure("提示限制", len(barred), "申报单位在失信被执行人名单有效期内", "项"),
            UseFigure("涉及金额", sum(int(row[4] or 0) for row in barred), "被提示限制项目的申报金额合计", "万元"),
        )
        return UseReport(
            self.key, now(), figures, ("企业", "项目", "金额", "依据"), found[:_SHOWN], _proofs(asked, listed), VERSION,
            time.perf_counter() - began,
        )  # fmt: skip


USES = (CustomsRelease(), ResearchSubsidies())

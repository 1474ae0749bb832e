"""The typical use: the broadcaster's own applications, each checked yes or no at civil affairs, never the list."""

import time
from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow.parquet as pq
import yaml
from django.utils.translation import gettext_lazy as _

from onecity.hubs.exchange import api as exchange
from onecity.hubs.exchange.contracts import CallRequest, CallResult, Mode
from onecity.hubs.registers.contracts import UseFigure, UseProof, UseReport, UseRow
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today
from onecity.kernel.subject import SubjectRef
from onecity.scenarios.tv_fee_waiver.rules import VERSION, Answer, Outcome, decide, sums

__all__ = ["PURPOSE", "USES", "TvFeeWaiver", "fee"]

PURPOSE = "收视费减免资格核验"
_RUNNING = "在保"
_AT_ONCE = 200
_SHOWN = 500


@cache
def fee() -> dict[str, Any]:
    """The rows of data/fee.yaml."""
    content: dict[str, Any] = yaml.safe_load(
        (files("onecity.scenarios.tv_fee_waiver") / "data" / "fee.yaml").read_text("utf-8")
    )
    return content


def _yearly() -> int:
    held = [row for row in fee()["fees"] if row["key"] == "yearly" and row["valid_from"] <= today()]
    return int(max(held, key=lambda row: row["valid_from"])["amount"])


class TvFeeWaiver:
    """收视费减免."""

    key = "tv_fee_waiver"
    title = _("低保家庭收视费减免")
    about = _(
        "广电企业不是政务部门，不能取得低保名单；对每一份申请只问“是不是在保”，得到是或否。未核到的转人工，不作拒绝。"
    )
    consumer = "broadcaster"

    def run(self, actor: Actor) -> UseReport:
        """Ask about every application, decide, add up."""
        began = time.perf_counter()
        batch = exchange.open_batch(
            actor, interface="tv_waiver_applications", fields=(), purpose=PURPOSE, matter="收视费减免核验"
        )
        rows = pq.read_table(batch.path, columns=["account_no", "applicant_number_ref"]).to_pylist()
        answers, proofs = _checked(actor, rows)
        total = sums(answers, _yearly())
        quoted = fee()["quoted"]
        figures = (
            UseFigure("减免户数", total.freed, f"民政部门逐户核验为在保的申请户，本次受理{total.applications}份申请", "户"),
            UseFigure("每年减免", total.fen // 100, f"实测：{total.freed}户 × {_yearly() // 100}元", "元"),
            UseFigure("转人工", total.applications - total.freed, "未核到、已停发或重复申请，由营业厅人工核对", "份"),
            UseFigure(
                "转引数字", quoted["yuan"],
                f"{quoted['households']:,} × {quoted['yuan_each']} = {quoted['yuan']:,}元，{quoted['source']}", "元", quoted=True,
            ),
        )  # fmt: skip
        return UseReport(
            self.key, now(), figures, ("用户编号", "结果", "说明"), tuple(map(_row, answers[:_SHOWN])),
            (UseProof(batch.resource, batch.rows, batch.version, batch.proof_id), *proofs), VERSION,
            time.perf_counter() - began,
        )  # fmt: skip


def _checked(actor: Actor, rows: list[dict[str, str]]) -> tuple[list[Answer], list[UseProof]]:
    answers, proofs = list[Answer](), list[UseProof]()
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        calls = [
            CallRequest(
                "low_income", SubjectRef(row["applicant_number_ref"]), ("state",), f"减免{row['account_no']}", PURPOSE,
                claims={"state": _RUNNING}, mode=Mode.CHECK, person=actor.name,
            )
            for row in part
        ]  # fmt: skip
        for row, answer in zip(part, exchange.gather(actor, calls=calls), strict=True):
            answers.append(_answer(row, answer))
            if isinstance(answer, CallResult) and len(proofs) < 1:
                proofs.append(UseProof("low_income", 1, 0, answer.proof_id))
    return answers, proofs


def _answer(row: dict[str, str], answer: object) -> Answer:
    if not isinstance(answer, CallResult):
        return Answer(row["account_no"], row["applicant_number_ref"], None, None)
    (told,) = answer.rows
    return Answer(
        row["account_no"], row["applicant_number_ref"], told["found"] == "true", told.get("state", "") == "true"
    )


def _row(one: Answer) -> UseRow:
    outcome, reason = decide(one)
    return UseRow(one.subject, (one.account, outcome.label, reason), "plain" if outcome is Outcome.FREED else "warn")


USES = (TvFeeWaiver(),)

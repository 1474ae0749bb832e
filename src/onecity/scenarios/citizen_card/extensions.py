"""The typical use: applications against the police's base facts, both as governed batches; the photo itself never travels here."""

import time
from collections.abc import Iterator

import duckdb
from django.utils.translation import gettext_lazy as _

from onecity.hubs.exchange import api as exchange
from onecity.hubs.registers.contracts import UseFigure, UseProof, UseReport
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.scenarios.citizen_card.rules import VERSION, Applicant, reuse

__all__ = ["USES", "CitizenCard", "joined"]

PURPOSE = "市民卡发放"
_JOIN = """
SELECT a.citizen_number_ref, p.citizen_number_ref IS NOT NULL, coalesce(p.photo_no, '') <> '',
       p.name IS NULL OR a.name IS NULL OR a.name = '' OR p.name = '' OR p.name = a.name,
       lower(coalesce(CAST(a.photo_brought AS VARCHAR), '')) IN ('true', 't', '1')
FROM read_parquet($asked) a LEFT JOIN (
  SELECT citizen_number_ref, max(photo_no) AS photo_no, any_value(name) AS name FROM read_parquet($people) GROUP BY 1
) p ON p.citizen_number_ref = a.citizen_number_ref
"""


def joined(asked: str, people: str) -> Iterator[Applicant]:
    """Applications with what the police hold."""
    with duckdb.connect() as database:
        cursor = database.execute(_JOIN, {"asked": asked, "people": people})
        while rows := cursor.fetchmany(50_000):
            for row in rows:
                yield Applicant(*row)


class CitizenCard:
    """市民卡."""

    key = "citizen_card"
    title = _("市民卡发放数据复用")
    about = _(
        "市民卡直接使用公安已有的证件照和基础信息，申领人不必再拍照、再填表。只核对有无照片，照片本身不在此处流转。"
    )
    consumer = "hr"

    def run(self, actor: Actor) -> UseReport:
        """Ask, join, count."""
        began = time.perf_counter()
        batches = [
            exchange.open_batch(actor, interface=name, fields=(), purpose=PURPOSE, matter=PURPOSE)
            for name in ("card_applications", "card_population")
        ]
        found = reuse(joined(batches[0].path, batches[1].path))
        figures = (
            UseFigure("申领人", found.applicants, "人社部门登记的市民卡申领人数", "人"),
            UseFigure("免拍照免填表", len(found.ready), "公安有证件照且姓名一致，可直接制卡", "人"),
            UseFigure(
                "节省", found.saved_yuan, "免拍照人数乘以每张照片 16 元（按公布的 700 万人、1.1 亿元折算）", "元"
            ),
            UseFigure("需补采照片", found.no_photo, "公安有此人但没有证件照", "人"),
            UseFigure("需核对", found.unknown + found.name_differs, "证件号码查无此人或姓名不一致", "人"),
            UseFigure("重复采集", found.needless, "已有照片仍被要求自带照片", "人"),
        )
        proofs = tuple(UseProof(one.resource, one.rows, one.version, one.proof_id) for one in batches)
        return UseReport(self.key, now(), figures, (), (), proofs, VERSION, time.perf_counter() - began)


USES = (CitizenCard(),)

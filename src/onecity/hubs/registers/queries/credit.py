"""Credit files and verdicts. A file shows what is published on the day; nothing about persons under 18 leaves."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from onecity.hubs.registers.contracts import (
    CreditEntry,
    CreditFile,
    CreditMatterView,
    CreditTotals,
    CreditVerdict,
    MatterKind,
    MatterState,
    Permission,
    VerdictEffect,
)
from onecity.hubs.registers.errors import EntityNotFound
from onecity.hubs.registers.models import CreditMatter, CreditRule, Person
from onecity.hubs.registers.queries.entities import record
from onecity.hubs.registers.rules.credit import Period, Rule, consequence_of, is_minor, period_of
from onecity.hubs.registers.rules.files import file_spec
from onecity.hubs.registers.services.limits import last_day
from onecity.kernel import audit
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import CITY_ZONE, now, today
from onecity.kernel.errors import Invalid
from onecity.kernel.policy import require
from onecity.kernel.subject import SubjectRef

__all__ = ["credit_file", "credit_matters", "credit_rules", "credit_verdicts", "entry_of", "judge_lists", "matter_view"]

CREDIT_FILES = ("licence", "penalty", "listing", "commitment")
_PENALTY_TITLES = {"licence": "permit_name", "penalty": "offence", "listing": "list_name", "commitment": "matter"}


def credit_rules() -> list[Rule]:
    """The rule book in force today."""
    rows = CreditRule.objects.filter(valid_to=None, valid_from__lte=today()).order_by("key")
    newest: dict[tuple[str, str], CreditRule] = {}
    for row in rows.order_by("valid_from"):
        newest[(row.kind, row.key)] = row
    return [Rule(row.kind, row.key, row.content, row.source, row.valid_from) for row in newest.values()]


def credit_file(actor: Actor, *, subject: SubjectRef, reason: str = "") -> CreditFile:
    """Permits, penalties, lists and commitments of one subject. The subject itself sees also what is no longer published.

    Others need the permission and a reason, which the subject reads under "who used my data". Raises NotPermitted, EntityNotFound.
    """
    own = actor.kind is ActorKind.SYSTEM or actor.acts_for(subject)
    if not own:
        require(actor, Permission.CREDIT)
        if not reason.strip():
            raise Invalid("registers.reason_needed", "请写明查询信用档案的用途", hint="用途会显示给当事人")
        audit.record_view(
            actor, subject=subject, fields=["公共信用档案"], reason=reason.strip()[:200], target="registers.credit", target_id=subject
        )  # fmt: skip
    name, mask, kind, minor = _who(subject)
    if minor:
        note = "未成年人信息不归集为公共信用信息（《中华人民共和国未成年人保护法》）"
        return CreditFile(subject, name, mask, kind, today(), (), CreditTotals(0, 0, 0, 0, 0, 0), (note,))
    entries = tuple(one for one in _entries(subject) if own or one.published)
    return CreditFile(subject, name, mask, kind, today(), entries, _totals(entries), _notes())


def _who(subject: SubjectRef) -> tuple[str, str, str, bool]:
    firm = record("legal", subject)
    if firm is not None:
        return firm["name"], firm["code_mask"], "法人", False
    person = Person.objects.filter(pk=subject).first()
    if person is None:
        raise EntityNotFound(data={"subject": subject})
    return f"{person.name[:1]}**", person.number_mask, "自然人", is_minor(person.birth_date, today())


def _notes() -> tuple[str, ...]:
    return (
        "本报告只载明基础库已归集并在公示期内的信息，不是对主体信用的全面评价。",
        "对内容有异议的，可在信用档案页面提出异议；符合条件的可申请信用修复。",
    )


def _entries(subject: SubjectRef) -> list[CreditEntry]:
    rules = credit_rules()
    matters: dict[tuple[str, str], list[CreditMatter]] = {}
    for row in CreditMatter.objects.filter(subject=subject):
        matters.setdefault((row.file, row.entity), []).append(row)
    out = [
        _entry(file, row, rules, matters.get((file, row["entity"]), ()))
        for file in CREDIT_FILES
        for row in _about(file, [subject])
    ]
    return sorted(out, key=lambda one: one.on or date.min, reverse=True)


def entry_of(file: str, entity: str) -> tuple[CreditEntry, SubjectRef] | None:
    """One published record with its periods, and whom it is about."""
    row = record(file, entity) if file in CREDIT_FILES else None
    if row is None:
        return None
    matters = list(CreditMatter.objects.filter(file=file, entity=entity))
    return _entry(file, row, credit_rules(), matters), SubjectRef(row["subject"])


def _about(file: str, subjects: Sequence[str]) -> list[dict[str, Any]]:
    spec = file_spec(file)
    names = ("entity", *spec.columns)
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM {spec.table} WHERE subject = ANY(%s) AND known_to IS NULL AND valid_to IS NULL",
            [list(subjects)],
        )
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _entry(file: str, row: Mapping[str, Any], rules: Sequence[Rule], matters: Sequence[CreditMatter]) -> CreditEntry:
    period = period_of(file, row, rules, today())
    ended = [one for one in matters if one.state == MatterState.GRANTED]
    repaired = any(one.kind == MatterKind.REPAIR for one in ended)
    return CreditEntry(
        file=file, entity=row["entity"], kind=file_spec(file).label, title=str(row[_PENALTY_TITLES[file]]), detail=_detail(file, row),
        body_name=row.get("body_name") or "", on=_on(row), published_until=_until(period, ended), published=period.published and not ended,
        tone=_tone(file, row), rule=period.rule, repaired=repaired, repairable_from=period.repairable_from,
        disputed=any(one.kind == MatterKind.OBJECTION and one.state == MatterState.OPEN for one in matters),
        late_publication=_late(row),
    )  # fmt: skip


def _on(row: Mapping[str, Any]) -> date | None:
    return row.get("decided_on") or row.get("published_on") or row.get("promised_on")


def _until(period: Period, ended: Sequence[CreditMatter]) -> date | None:
    days = [one.answered_at.astimezone(CITY_ZONE).date() for one in ended if one.answered_at]
    return min([*days, period.until]) if days and period.until else min(days) if days else period.until


def _detail(file: str, row: Mapping[str, Any]) -> str:
    names = {
        "licence": ("permit_no", "content", "state"), "penalty": ("decision_no", "penalty_kind", "content"),
        "listing": ("case_no", "reason"), "commitment": ("commitment_no", "kind", "state"),
    }[file]  # fmt: skip
    return " · ".join(str(row[name]) for name in names if row[name])


def _tone(file: str, row: Mapping[str, Any]) -> str:
    if file == "penalty" or row.get("colour") == "black" or row.get("state") == "未履行":
        return "bad"
    return "good" if row.get("colour") == "red" or file == "commitment" else "plain"


def _late(row: Mapping[str, Any]) -> bool:
    """Published after the working days the rule allows; unknown where the calendar does not reach."""
    decided, published = row.get("decided_on"), row.get("published_on")
    if decided is None or published is None:
        return False
    last = last_day("publish_days", decided)
    return last is not None and bool(published > last)


def _totals(entries: Sequence[CreditEntry]) -> CreditTotals:
    shown = [one for one in entries if one.published]

    def count(file: str, tone: str = "") -> int:
        return sum(one.file == file and (not tone or one.tone == tone) for one in shown)

    return CreditTotals(
        count("licence"), count("penalty"), count("listing", "good"), count("listing", "bad"), count("commitment"),
        count("commitment", "bad"),
    )  # fmt: skip


def credit_verdicts(actor: Actor, *, subjects: Sequence[SubjectRef], matter: str) -> dict[SubjectRef, CreditVerdict]:
    """What credit means for `matter`, for many subjects at once; each with rule, version and grounds. A person decides.

    Needs the permission (or a hub acting by itself). An unknown matter has no consequences for anybody.
    """
    if actor.kind is not ActorKind.SYSTEM:
        require(actor, Permission.CREDIT)
    rules, moment, day = credit_rules(), now(), today()
    listed: dict[str, list[dict[str, Any]]] = {}
    for row in _about("listing", [str(one) for one in subjects]):
        listed.setdefault(row["subject"], []).append(row)
    ended = set(
        CreditMatter.objects.filter(file="listing", state=MatterState.GRANTED, subject__in=list(subjects)).values_list(
            "entity", flat=True
        )
    )
    out = {}
    for subject in subjects:
        held = [
            row
            for row in listed.get(str(subject), ())
            if row["entity"] not in ended and period_of("listing", row, rules, day).published
        ]
        out[subject] = _verdict(subject, matter, held, rules, moment)
    return out


def _verdict(
    subject: SubjectRef, matter: str, held: Sequence[Mapping[str, Any]], rules: Sequence[Rule], moment: datetime
) -> CreditVerdict:
    lists = {colour: [row["list_key"] for row in held if row["colour"] == colour] for colour in ("black", "red")}
    grounds: dict[str, tuple[str, ...]] = {}
    for row in held:
        said = f"{row['list_name']} {row['case_no']} {row['published_on']}".replace("  ", " ")
        grounds[row["list_key"]] = (*grounds.get(row["list_key"], ()), said)
    return _judged(subject, matter, lists["black"], lists["red"], rules, moment, grounds)


def judge_lists(
    matter: str, lists: Mapping[SubjectRef, tuple[Sequence[str], Sequence[str]]]
) -> dict[SubjectRef, CreditVerdict]:
    """The rule book applied to given (black, red) list keys of subjects."""
    rules, moment = credit_rules(), now()
    return {subject: _judged(subject, matter, black, red, rules, moment) for subject, (black, red) in lists.items()}


def _judged(
    subject: SubjectRef, matter: str, black: Sequence[str], red: Sequence[str], rules: Sequence[Rule], moment: datetime,
    grounds: Mapping[str, tuple[str, ...]] | None = None,
) -> CreditVerdict:  # fmt: skip
    found = consequence_of(matter, black, red, rules)
    if found is None:
        return CreditVerdict(subject, matter, VerdictEffect.NONE, "", "", "", "", (), moment)
    rule, hit = found
    return CreditVerdict(
        subject, matter, VerdictEffect(rule.content["effect"]), rule.content["measure"], f"{rule.kind}.{rule.key}",
        rule.valid_from.isoformat(), rule.source, (grounds or {}).get(hit, (hit,)), moment,
    )  # fmt: skip


def matter_view(row: CreditMatter) -> CreditMatterView:
    """One matter as it may leave."""
    return CreditMatterView(
        row.id, MatterKind(row.kind), row.file, row.entity, SubjectRef(row.subject), row.title, row.body_name, row.reason,
        row.commitment, MatterState(row.state), row.opinion, row.rule, row.raised_at, row.due_at, row.answered_at,
    )  # fmt: skip


def credit_matters(actor: Actor, *, subject: SubjectRef | None = None, state: str = "") -> list[CreditMatterView]:
    """Repairs and objections: of one subject for itself, or of the actor's body for those who answer."""
    if subject is not None and actor.acts_for(subject):
        rows = CreditMatter.objects.filter(subject=subject)
    else:
        require(actor, Permission.ANSWER_CREDIT)
        rows = CreditMatter.objects.filter(body=actor.organisation)
    rows = rows.filter(state=state) if state else rows
    return [matter_view(row) for row in rows.order_by("-raised_at")[:200]]

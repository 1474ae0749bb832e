"""The merged form: which fields there are, what stands in them and where it comes from.

Owns the putting together of declarations, departments' answers, what the person typed, and disputes. Refuses to fetch anything.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from onecity.codes import CodeError, MobileNumber
from onecity.hubs.service.contracts import Basis, FieldState, FilledField, SourceState
from onecity.hubs.service.ports import FieldDeclaration, Labels
from onecity.hubs.service.rules.guide import relevant
from onecity.hubs.service.rules.masking import masked

__all__ = ["SourceAnswer", "check_values", "filled_fields", "value_in"]

Pick = Callable[[Labels], str]
YES_NO = {"true": "是", "false": "否"}
"""How a department's truth value reads on a form."""


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """One department's answer, opened."""

    interface: str
    name: str
    state: SourceState
    basis: Basis
    legal_basis: str
    provider_name: str
    rows: tuple[Mapping[str, str], ...]
    as_of: datetime | None
    proof_id: str
    expected_at: datetime | None


@dataclass(frozen=True, slots=True)
class DisputeState:
    """What a dispute does to its field: open, answered as fixed (with the new value), or answered as right."""

    field: str
    state: str
    value: str = ""


def value_in(rows: Sequence[Mapping[str, str]], field: str) -> str:
    """The field's value in the first row; identifier fields come as `<field>_mask`."""
    if not rows:
        return ""
    return str(rows[0].get(field) or rows[0].get(f"{field}_mask") or "")


def filled_fields(
    declared: Sequence[FieldDeclaration], *, tags: frozenset[str], answers: Mapping[str, SourceAnswer],
    values: Mapping[str, str], disputes: Sequence[DisputeState] = (), pick: Pick, open_masks: frozenset[str] = frozenset(),
) -> tuple[FilledField, ...]:  # fmt: skip
    """All fields that apply, in declared order. `open_masks` are the keys shown whole."""
    by_field = {dispute.field: dispute for dispute in disputes}
    return tuple(
        _filled(
            entry,
            answers.get(entry.source.interface) if entry.source else None,
            values,
            by_field.get(entry.key),
            pick,
            open_masks,
        )
        for entry in declared
        if relevant(entry.when, tags)
    )


def _filled(
    entry: FieldDeclaration, answer: SourceAnswer | None, values: Mapping[str, str], dispute: DisputeState | None,
    pick: Pick, open_masks: frozenset[str],
) -> FilledField:  # fmt: skip
    typed = values.get(entry.key, "")
    if entry.source is None or answer is None:
        return _own(entry, typed, pick)
    state, value = _state_and_value(entry, answer, typed, dispute)
    value = YES_NO.get(value, value)
    typed_here = state in (
        FieldState.MANUAL,
        FieldState.PAPER,
        FieldState.MISSING,
    )  # masking would come back as a value
    hidden = entry.mask != "none" and entry.key not in open_masks and not typed_here
    return FilledField(
        key=entry.key,
        label=pick(entry.labels),
        group=entry.group,
        value=masked(value, entry.mask) if hidden else value,
        masked=hidden and masked(value, entry.mask) != value,  # a number that came masked has nothing to reveal
        state=state,
        required=entry.required,
        editable=typed_here,
        kind=entry.kind,
        provider_name=answer.provider_name,
        as_of=answer.as_of,
        basis=answer.basis,
        legal_basis=answer.legal_basis,
        interface=answer.interface,
        interface_name=answer.name,
        proof_id=answer.proof_id,
        expected_at=answer.expected_at,
        note=pick(entry.hint) if entry.hint else "",
    )


def _own(entry: FieldDeclaration, typed: str, pick: Pick) -> FilledField:
    return FilledField(
        key=entry.key,
        label=pick(entry.labels),
        group=entry.group,
        value=typed,
        masked=False,
        state=FieldState.MANUAL,
        required=entry.required,
        editable=True,
        kind=entry.kind,
        options=tuple((option.key, pick(option.labels)) for option in entry.options),
        note=pick(entry.hint) if entry.hint else "",
    )


def _state_and_value(
    entry: FieldDeclaration, answer: SourceAnswer, typed: str, dispute: DisputeState | None
) -> tuple[FieldState, str]:
    assert entry.source is not None
    fetched = value_in(answer.rows, entry.source.field)
    if dispute and dispute.state == "fixed":
        return FieldState.CORRECTED, dispute.value
    if answer.state is SourceState.PAPER:
        return FieldState.PAPER, typed
    if dispute and dispute.state == "open":
        return FieldState.DISPUTED, fetched
    if answer.state in (SourceState.PENDING, SourceState.WAITING):
        return FieldState.WAITING, ""
    return (FieldState.FILLED, fetched) if fetched else (FieldState.MISSING, typed)


def check_values(
    declared: Sequence[FieldDeclaration], fields: Sequence[FilledField], values: Mapping[str, str]
) -> dict[str, str]:
    """Refusals of what was typed: field key → sentence. Fields that wait for a department are never held against the person."""
    by_key = {entry.key: entry for entry in declared}
    found: dict[str, str] = {}
    for shown in fields:
        if shown.editable:
            sentence = _refusal(by_key[shown.key], shown, values.get(shown.key, "").strip())
            if sentence:
                found[shown.key] = sentence
    return found


def _refusal(entry: FieldDeclaration, shown: FilledField, value: str) -> str:
    if not value:
        return f"请填写{shown.label}" if entry.required and entry.source is None else ""
    if len(value) > entry.max_length:
        return f"{shown.label}最多 {entry.max_length} 个字"
    if entry.kind == "mobile":
        try:
            MobileNumber.parse(value)
        except CodeError as error:
            return str(error)
    if entry.kind == "choice" and value not in {option.key for option in entry.options}:
        return f"请在列出的选项中选择{shown.label}"
    return ""

"""The front door of the registers, one file per subject. Each verb: permission → change → audit → event, one transaction."""

from onecity.hubs.registers.api.credit import (
    CREDIT_MATTER,
    answer_credit_matter,
    credit_file,
    credit_matter,
    credit_matters,
    credit_report,
    credit_verdict,
    credit_verdicts,
    matters_to_answer,
    raise_credit_matter,
    settle_credit_matter,
)
from onecity.hubs.registers.api.entities import (
    apply_correction,
    apply_declaration,
    conflicts,
    entity,
    feeding_registers,
    field_sources,
    files,
    history,
    moment_of,
    raise_field_correction,
    rebuild,
    rebuild_if_stale,
    registers,
    search,
    tell_consumers,
    unmask,
)
from onecity.hubs.registers.api.population import (
    children_of,
    count_persons,
    guardians_of,
    is_guardian,
    load_population,
    person,
)
from onecity.hubs.registers.api.uses import judge_credit, run_use, uses
from onecity.hubs.registers.queries.builds import builds, figures

__all__ = [
    "CREDIT_MATTER", "answer_credit_matter", "apply_correction", "apply_declaration", "builds", "children_of", "conflicts",
    "count_persons", "credit_file", "credit_matter", "credit_matters", "credit_report", "credit_verdict", "credit_verdicts", "entity",
    "feeding_registers", "field_sources", "figures", "files", "guardians_of", "history", "is_guardian", "judge_credit", "load_population",
    "matters_to_answer", "moment_of", "person", "raise_credit_matter", "raise_field_correction", "rebuild", "rebuild_if_stale",
    "registers", "run_use", "search", "settle_credit_matter", "tell_consumers", "unmask", "uses",
]  # fmt: skip

"""What packs may declare to the process hub: definitions and decision tables (declares/process.yaml), and the port
behind which decision tables are evaluated.

Validates strictly, with hints in words a department understands; applying is `api.apply_declaration`.

    schema: 1
    definitions:
      - key: school.review
        name: {zh: 入学审核, en: School review}
        variables: [category, school]
        nodes:
          - {id: start, kind: start}
          - {id: check, kind: user, name: 学校初审,
             candidate: {permission: school.case.check, organisation: "@var:school"},
             limit: {amount: 5, unit: work_day}, verbs: [agree, disagree]}
          - {id: end, kind: end, outcome: done}
        flows:
          - {from: start, to: check}
          - {from: check, to: end}
    decision_tables:
      - key: school.category
        name: {zh: 入学类别}
        hit: first
        inputs: [household, home]
        outputs: [category]
        rows:
          - {id: R1, when: {household: "true", home: "true"}, then: {category: "1"}, basis: 青教通字〔2026〕1号}

Cells of `when` are unary conditions: `>= 6`, `[1..5]`, `"a", "b"`, `true`; a missing or empty cell matches anything.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from onecity.hubs.process.contracts import Limit, TimeUnit, Verb
from onecity.hubs.process.rules.definitions import (
    CandidateRule,
    Definition,
    DefinitionFault,
    Flow,
    Node,
    NodeKind,
    check,
)

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", max_length=80)]
NodeId = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=60)]
Text = str | dict[Literal["zh", "en"], str]


def in_chinese(text: Text) -> str:
    """The Chinese wording of a text given plainly or as {zh, en}."""
    return text if isinstance(text, str) else text.get("zh", "")


class Strict(BaseModel):
    """Unknown keys are refused: a typo must not become silence."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class LimitSpec(Strict):
    """A time limit; unit one of urgent_hour, work_hour, work_day, natural_day."""

    amount: Annotated[int, Field(ge=1, le=3650)]
    unit: TimeUnit = TimeUnit.WORK_DAY
    basis: str = ""


class CandidateSpec(Strict):
    """Who may take the item. organisation / area: "@instance", "@any", "@var:name", or a fixed key or code."""

    permission: Annotated[str, Field(min_length=3, max_length=120)]
    organisation: str = "@instance"
    area: str = "@instance"


class NodeSpec(Strict):
    """One node. `and` parts when several flows leave it, and joins when one does."""

    id: NodeId
    kind: Literal["start", "end", "user", "receive", "service", "xor", "and"]
    name: Text = ""
    candidate: CandidateSpec | None = None
    limit: LimitSpec | None = None
    verbs: list[Verb] = [Verb.AGREE, Verb.DISAGREE]
    message: str = ""
    outcome: str = ""
    back_to: str = ""

    @model_validator(mode="after")
    def _only_where_meant(self) -> "NodeSpec":
        if self.candidate and self.kind != "user":
            raise ValueError(f"节点 {self.id}：candidate 只用于 user 节点")
        if self.limit and self.kind != "user":
            raise ValueError(f"节点 {self.id}：limit 只用于 user 节点")
        return self


class FlowSpec(Strict):
    """One arrow. The last flow of a choosing node carries no `when`: it is the default."""

    source: NodeId = Field(alias="from")
    target: NodeId = Field(alias="to")
    when: str = ""


class DefinitionSpec(Strict):
    """One process definition; sound or refused."""

    key: Key
    name: Text
    variables: list[Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]] = []
    nodes: Annotated[list[NodeSpec], Field(min_length=2)]
    flows: Annotated[list[FlowSpec], Field(min_length=1)]

    @model_validator(mode="after")
    def _sound(self) -> "DefinitionSpec":
        try:
            build(self)
        except DefinitionFault as fault:
            raise ValueError(f"流程 {self.key} · {fault}" + (f"。{fault.hint}" if fault.hint else "")) from fault
        return self


Cell = str | bool | int | float


class TableRowSpec(Strict):
    """One rule of a decision table; `id` is what decisions cite, `basis` the article it rests on."""

    id: Annotated[str, Field(min_length=1, max_length=60)]
    when: dict[str, Cell] = {}
    then: dict[str, Any]
    basis: str = ""


class DecisionTableSpec(Strict):
    """A decision table. hit: first = the first matching row; collect = all matching rows."""

    key: Key
    name: Text
    hit: Literal["first", "collect"] = "first"
    inputs: Annotated[list[str], Field(min_length=1)]
    outputs: Annotated[list[str], Field(min_length=1)]
    rows: Annotated[list[TableRowSpec], Field(min_length=1)]
    source: str = ""

    @field_validator("inputs", "outputs")
    @classmethod
    def _plain_names(cls, value: list[str]) -> list[str]:
        for name in value:
            if not name.replace(".", "_").isidentifier():
                raise ValueError(f"输入输出项名称 {name} 只能由字母、数字、下划线组成")
        return value

    @model_validator(mode="after")
    def _columns_known(self) -> "DecisionTableSpec":
        if len({row.id for row in self.rows}) != len(self.rows):
            raise ValueError(f"决策表 {self.key}：规则编号重复")
        for row in self.rows:
            for column in row.when.keys() - set(self.inputs):
                raise ValueError(f"决策表 {self.key} 规则 {row.id}：when 中的 {column} 不在 inputs 里")
            for column in row.then.keys() ^ set(self.outputs):
                raise ValueError(f"决策表 {self.key} 规则 {row.id}：then 与 outputs 不一致（{column}）")
        return self


class ProcessDeclaration(Strict):
    """A pack's declares/process.yaml."""

    definitions: list[DefinitionSpec] = []
    decision_tables: list[DecisionTableSpec] = []

    @model_validator(mode="after")
    def _keys_once(self) -> "ProcessDeclaration":
        for kind, keys in (
            ("流程", [d.key for d in self.definitions]),
            ("决策表", [t.key for t in self.decision_tables]),
        ):
            twice = {key for key in keys if keys.count(key) > 1}
            if twice:
                raise ValueError(f"{kind}编号重复：{'、'.join(sorted(twice))}")
        return self


class DecisionEngine(Protocol):
    """Evaluates decision tables. `name` is "key@version id"; a name's content never changes."""

    def evaluate(
        self, name: str, table: DecisionTableSpec, inputs: Mapping[str, object]
    ) -> Sequence[Mapping[str, Any]]:
        """Matching rows in order, each with `rule` and the outputs; the first only under hit policy first."""
        ...


def build(spec: DefinitionSpec) -> Definition:
    """The checked model of a declared definition. Raises DefinitionFault."""
    leaving = [flow.source for flow in spec.flows]
    nodes = [_node(node, leaving.count(node.id)) for node in spec.nodes]
    flows = [Flow(flow.source, flow.target, flow.when.strip()) for flow in spec.flows]
    return check(spec.key, in_chinese(spec.name), nodes, flows, frozenset(spec.variables))


def _node(spec: NodeSpec, leaving: int) -> Node:
    kind = NodeKind(spec.kind) if spec.kind != "and" else (NodeKind.FORK if leaving > 1 else NodeKind.JOIN)
    candidate = spec.candidate
    return Node(
        id=spec.id,
        kind=kind,
        name=in_chinese(spec.name),
        candidate=CandidateRule(candidate.permission, candidate.organisation, candidate.area) if candidate else None,
        limit=Limit(spec.limit.amount, spec.limit.unit) if spec.limit else None,
        verbs=tuple(spec.verbs),
        message=spec.message,
        outcome=spec.outcome,
        back_to=spec.back_to,
    )

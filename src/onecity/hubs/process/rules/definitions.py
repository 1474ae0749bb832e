"""The model of a process definition and the proof that it cannot lose, double or strand a token.

A definition is a graph of nodes and flows. `check` reads it like a type checker: every flow carries the branch it lies
in, a join must gather exactly the branches of one fork, an end must lie outside all branches, and no circle may run
without a node that waits. What passes here always ends or waits. Refuses anything it cannot prove.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from onecity.hubs.process.contracts import FINISHING, Limit, Verb
from onecity.hubs.process.rules.expressions import ExpressionFault, names, parse

Scope = tuple[tuple[str, int], ...]


class NodeKind(StrEnum):
    """What a token does at a node: wait for a person, a message, a hub; choose; part; meet; begin; end."""

    START = "start"
    END = "end"
    USER = "user"
    RECEIVE = "receive"
    SERVICE = "service"
    XOR = "xor"
    FORK = "fork"
    JOIN = "join"


@dataclass(frozen=True, slots=True)
class CandidateRule:
    """Who may take the item of a user node.

    `organisation` and `area`: "@instance" (where the case belongs), "@any", "@var:name" (a variable), or a fixed key.
    """

    permission: str
    organisation: str = "@instance"
    area: str = "@instance"


@dataclass(frozen=True, slots=True)
class Node:
    """One node. `message` is what a receive or waiting service node waits for; `back_to` where 退回修改 leads."""

    id: str
    kind: NodeKind
    name: str = ""
    candidate: CandidateRule | None = None
    limit: Limit | None = None
    verbs: tuple[Verb, ...] = (Verb.AGREE, Verb.DISAGREE)
    message: str = ""
    outcome: str = ""
    back_to: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """One arrow; `when` is a condition in the closed language, empty for the default or only way."""

    source: str
    target: str
    when: str = ""


class DefinitionFault(ValueError):
    """A definition that must not run. `where` names the node or flow, `hint` says how to mend it."""

    def __init__(self, where: str, why: str, hint: str = "") -> None:
        super().__init__(f"{where}：{why}")
        self.where, self.why, self.hint = where, why, hint


@dataclass(frozen=True)
class Definition:
    """A checked definition of one version; build it by `check`."""

    key: str
    name: str
    nodes: Mapping[str, Node]
    flows: tuple[Flow, ...]
    variables: frozenset[str] = frozenset()

    @cached_property
    def outgoing(self) -> Mapping[str, tuple[Flow, ...]]:
        """Flows leaving each node, in the order they are written: the first true one is taken."""
        return {node: tuple(flow for flow in self.flows if flow.source == node) for node in self.nodes}

    @cached_property
    def start(self) -> str:
        """The one node where a process begins."""
        return next(node.id for node in self.nodes.values() if node.kind is NodeKind.START)

    @cached_property
    def scopes(self) -> Mapping[str, Scope]:
        """The branches each node lies in, outermost first."""
        return _scopes(self)

    @cached_property
    def gathers(self) -> Mapping[str, int]:
        """How many tokens each join waits for: the branches of its fork."""
        return _gathers(self)

    def waits_at(self, node: str) -> bool:
        """True where a token rests until something happens outside."""
        found = self.nodes[node]
        return found.kind in (NodeKind.USER, NodeKind.RECEIVE) or (
            found.kind is NodeKind.SERVICE and bool(found.message)
        )


BUILT_IN_VARIABLES = frozenset({"verb", "opinion", "summary", "reason", "rule"})
"""Names every condition may use; `summary`, `reason` and `rule` also fill the item's lines."""


def check(
    key: str, name: str, nodes: Sequence[Node], flows: Sequence[Flow], variables: frozenset[str] = frozenset()
) -> Definition:
    """Prove a definition sound. Raises DefinitionFault naming the first thing wrong."""
    by_id = {node.id: node for node in nodes}
    if len(by_id) != len(nodes):
        raise DefinitionFault(key, "节点编号重复", "每个节点用不同的 id")
    definition = Definition(key, name, by_id, tuple(flows), variables)
    _check_flows(definition)
    _check_ends(definition)
    for node in nodes:
        _check_node(definition, node)
    _check_conditions(definition)
    _check_circles(definition)
    _check_reach(definition)
    _check_back(definition, definition.scopes)
    if not definition.gathers.keys() == {node.id for node in nodes if node.kind is NodeKind.JOIN}:
        raise DefinitionFault(key, "有汇合节点没有对应的分支")
    return definition


def _check_flows(definition: Definition) -> None:
    for flow in definition.flows:
        for end in (flow.source, flow.target):
            if end not in definition.nodes:
                raise DefinitionFault(f"{flow.source} → {flow.target}", f"没有节点 {end}", "检查 from 与 to 的写法")


def _check_ends(definition: Definition) -> None:
    kinds = [node.kind for node in definition.nodes.values()]
    if kinds.count(NodeKind.START) != 1:
        raise DefinitionFault(definition.key, "必须恰好有一个开始节点")
    if NodeKind.END not in kinds:
        raise DefinitionFault(definition.key, "至少要有一个结束节点")


def _check_node(definition: Definition, node: Node) -> None:
    leaving = definition.outgoing[node.id]
    arriving = [flow for flow in definition.flows if flow.target == node.id]
    if node.kind is NodeKind.START and arriving:
        raise DefinitionFault(node.id, "开始节点不能有流入")
    if node.kind is NodeKind.END:
        if leaving:
            raise DefinitionFault(node.id, "结束节点不能有流出")
        return
    if not leaving:
        raise DefinitionFault(node.id, "没有流出", "补一条 flow，或改为 end 节点")
    if node.kind is NodeKind.FORK and len(leaving) < 2:
        raise DefinitionFault(node.id, "并行分支至少两条")
    _check_waiting(node)


def _check_waiting(node: Node) -> None:
    if node.kind is NodeKind.USER:
        if node.candidate is None:
            raise DefinitionFault(node.id, "人工节点没有 candidate", "写明 permission")
        if not FINISHING & set(node.verbs):
            raise DefinitionFault(node.id, "人工节点没有可以办结的动作", "verbs 至少含 agree")
        if Verb.SEND_BACK in node.verbs and not node.back_to:
            raise DefinitionFault(node.id, "可以退回但没有写退回到哪里", "写 back_to: <节点>")
    if node.kind is NodeKind.RECEIVE and not node.message:
        raise DefinitionFault(node.id, "等待节点没有 message", "写明等待的消息名")


def _check_conditions(definition: Definition) -> None:
    known = definition.variables | BUILT_IN_VARIABLES
    for node, flows in definition.outgoing.items():
        if definition.nodes[node].kind in (NodeKind.FORK, NodeKind.JOIN) and any(flow.when for flow in flows):
            raise DefinitionFault(node, "并行节点的流出不能带条件")
        if definition.nodes[node].kind is not NodeKind.FORK:
            _check_default(node, flows)
        for flow in flows:
            where = f"{flow.source} → {flow.target}"
            try:
                used = names(parse(flow.when)) if flow.when else frozenset()
            except ExpressionFault as fault:
                raise DefinitionFault(where, str(fault), "条件只能用名称、值、比较、and/or/not/in") from fault
            if used - known:
                raise DefinitionFault(
                    where, f"条件用了未声明的变量 {'、'.join(sorted(used - known))}", "在 variables 中声明"
                )


def _check_default(node: str, flows: Sequence[Flow]) -> None:
    if flows and flows[-1].when:
        raise DefinitionFault(node, "没有默认去向", "最后一条流出不写 when，前面各条都不成立时走它")
    if any(not flow.when for flow in flows[:-1]):
        raise DefinitionFault(node, "默认去向之后还有流出，永远走不到", "把不带 when 的流出放在最后")


def _check_circles(definition: Definition) -> None:
    """No circle of nodes that all pass the token on at once: it would never stop."""
    colour: dict[str, int] = {}

    def visit(node: str) -> None:
        colour[node] = 1
        for flow in definition.outgoing[node]:
            if definition.waits_at(flow.target) or colour.get(flow.target) == 2:
                continue
            if colour.get(flow.target) == 1:
                raise DefinitionFault(
                    flow.target, "循环中没有等待的节点，流程停不下来", "循环里至少放一个人工或等待节点"
                )
            visit(flow.target)
        colour[node] = 2

    for node in definition.nodes:
        if node not in colour:
            visit(node)


def _check_reach(definition: Definition) -> None:
    reached = _walk({definition.start}, {node: [f.target for f in out] for node, out in definition.outgoing.items()})
    back: dict[str, list[str]] = {node: [] for node in definition.nodes}
    for flow in definition.flows:
        back[flow.target].append(flow.source)
    ending = _walk({node.id for node in definition.nodes.values() if node.kind is NodeKind.END}, back)
    for node in definition.nodes:
        if node not in reached:
            raise DefinitionFault(node, "从开始节点走不到这里")
        if node not in ending:
            raise DefinitionFault(node, "从这里走不到结束")


def _walk(found: set[str], ways: Mapping[str, Sequence[str]]) -> set[str]:
    queue = deque(found)
    while queue:
        for target in ways[queue.popleft()]:
            if target not in found:
                found.add(target)
                queue.append(target)
    return found


def _flow_scope(definition: Definition, scope: Scope, node: str, index: int) -> Scope:
    return (*scope, (node, index)) if definition.nodes[node].kind is NodeKind.FORK else scope


def _scopes(definition: Definition) -> Mapping[str, Scope]:
    """Spread scopes from the start; two ways into one node must agree."""
    found: dict[str, Scope] = {definition.start: ()}
    queue = deque([definition.start])
    while queue:
        node = queue.popleft()
        for index, flow in enumerate(definition.outgoing[node]):
            scope = _flow_scope(definition, found[node], node, index)
            target = definition.nodes[flow.target]
            if target.kind is NodeKind.JOIN:
                if not scope:
                    raise DefinitionFault(target.id, "汇合节点不在任何并行分支之后")
                scope = scope[:-1]
            if target.kind is NodeKind.END and scope:
                raise DefinitionFault(target.id, "并行分支内不能结束", "先用 and 节点汇合各分支")
            if flow.target not in found:
                found[flow.target] = scope
                queue.append(flow.target)
            elif found[flow.target] != scope:
                raise DefinitionFault(target.id, "从不同的并行分支进入同一节点", "先汇合，再继续")
    return found


def _gathers(definition: Definition) -> Mapping[str, int]:
    arrivals: dict[str, set[tuple[str, int]]] = {}
    for node, flows in definition.outgoing.items():
        for index, flow in enumerate(flows):
            if definition.nodes[flow.target].kind is NodeKind.JOIN:
                scope = _flow_scope(definition, definition.scopes[node], node, index)
                arrivals.setdefault(flow.target, set()).add(scope[-1])
    for join, branches in arrivals.items():
        forks = {fork for fork, _ in branches}
        fork = next(iter(forks))
        if len(forks) > 1 or len(branches) != len(definition.outgoing[fork]):
            raise DefinitionFault(join, "汇合的不是同一处分出的全部分支", "同一 and 节点分出的每条分支都要回到这里")
    return {join: len(branches) for join, branches in arrivals.items()}


def _check_back(definition: Definition, scopes: Mapping[str, Scope]) -> None:
    for node in definition.nodes.values():
        if not node.back_to:
            continue
        target = definition.nodes.get(node.back_to)
        if target is None or not definition.waits_at(target.id):
            raise DefinitionFault(node.id, f"退回去向 {node.back_to} 不是可以等待的节点")
        if scopes[target.id] != scopes[node.id]:
            raise DefinitionFault(node.id, "不能退回到另一条并行分支")

"""The token game on invented definitions: nothing lost, nothing doubled, every run ends or waits."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onecity.hubs.process.contracts import Verb
from onecity.hubs.process.rules.definitions import (
    CandidateRule,
    Definition,
    DefinitionFault,
    Flow,
    Node,
    NodeKind,
    check,
)
from onecity.hubs.process.rules.tokens import Finished, Moves, NoSuchToken, Received, Started, Token, advance


@dataclass
class Sketch:
    """Nodes and flows under construction, made of well-nested blocks."""

    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)

    def node(self, kind: NodeKind, **more: object) -> str:
        name = f"{kind.value}{next(self.numbers)}"
        candidate = CandidateRule("t.do") if kind is NodeKind.USER else None
        message = f"m_{name}" if kind is NodeKind.RECEIVE else ""
        self.nodes.append(Node(name, kind, name, candidate, message=message, **more))  # type: ignore[arg-type]
        return name

    def flow(self, source: str, target: str, when: str = "") -> None:
        self.flows.append(Flow(source, target, when))

    def block(self, plan: object) -> tuple[str, str]:
        """Draw one block; returns where it is entered and left."""
        match plan:
            case NodeKind() as kind:
                only = self.node(kind)
                return only, only
            case ("then", first, second):
                begin, middle = self.block(first)
                again, end = self.block(second)
                self.flow(middle, again)
                return begin, end
            case ("either", first, second):
                split, merge = self.node(NodeKind.XOR), self.node(NodeKind.XOR)
                for part, when in ((first, "choice"), (second, "")):
                    begin, end = self.block(part)
                    self.flow(split, begin, when)
                    self.flow(end, merge)
                return split, merge
            case ("again", part):
                begin, end = self.block(part)
                ask, leave = self.node(NodeKind.USER), self.node(NodeKind.XOR)
                self.flow(end, ask)
                self.flow(ask, begin, "choice")
                self.flow(ask, leave)
                return begin, leave
            case ("both", *parts):
                fork, join = self.node(NodeKind.FORK), self.node(NodeKind.JOIN)
                for part in parts:
                    begin, end = self.block(part)
                    self.flow(fork, begin)
                    self.flow(end, join)
                return fork, join
        raise AssertionError(plan)

    def definition(self, plan: object) -> Definition:
        start, (begin, end), last = self.node(NodeKind.START), self.block(plan), self.node(NodeKind.END, outcome="ok")
        self.flow(start, begin)
        self.flow(end, last)
        return check("t", "t", self.nodes, self.flows, frozenset({"choice"}))


LEAVES = st.sampled_from([NodeKind.USER, NodeKind.RECEIVE, NodeKind.SERVICE])
PLANS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.just("then"), inner, inner),
        st.tuples(st.just("either"), inner, inner),
        st.tuples(st.just("again"), inner),
        st.tuples(st.just("both"), inner, inner),
        st.tuples(st.just("both"), inner, inner, inner),
    ),
    max_leaves=9,
)


class Run:
    """Plays a definition and keeps the books on every token."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.ids = (UUID(int=number) for number in count(1))
        self.live: list[Token] = []
        self.spent: set[UUID] = set()
        self.fired: Counter[str] = Counter()
        self.over = False

    def apply(self, moves: Moves) -> None:
        before = {token.id for token in self.live}
        assert len(set(moves.consumed)) == len(moves.consumed)
        assert set(moves.consumed) <= before
        assert not self.spent & set(moves.consumed)
        self.spent |= set(moves.consumed)
        self.live = [token for token in self.live if token.id not in self.spent]
        self.live += [Token(next(self.ids), node) for node in moves.placed]
        self.over = moves.ended
        assert self.over == (not self.live)

    def events(self) -> list[tuple[Token, object]]:
        return [
            (token, node)
            for token in self.live
            if (node := self.definition.nodes[token.node]).kind is not NodeKind.JOIN
        ]


@settings(max_examples=150, deadline=None)
@given(PLANS, st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=40))
def test_every_run_ends_or_waits_and_no_token_is_lost_or_doubled(plan: object, moves: list[tuple[int, bool]]) -> None:
    run = Run(Sketch().definition(plan))
    run.apply(advance(run.definition, (), Started({"choice": True})))
    for number, choice in [*moves, *[(0, False)] * 60]:
        if run.over:
            break
        waiting = run.events()
        assert waiting, "tokens rest at joins only: the run is stranded"
        token, _node = waiting[number % len(waiting)]
        if run.definition.nodes[token.node].kind is NodeKind.RECEIVE:
            message = run.definition.nodes[token.node].message
            run.apply(advance(run.definition, run.live, Received(message, {"choice": choice})))
        else:
            run.apply(advance(run.definition, run.live, Finished(token.id, Verb.AGREE, {"choice": choice})))
        at_joins = Counter(t.node for t in run.live if run.definition.nodes[t.node].kind is NodeKind.JOIN)
        assert all(resting < run.definition.gathers[join] for join, resting in at_joins.items())
    assert run.over


def linear(**user: object) -> Definition:
    nodes = [
        Node("start", NodeKind.START),
        Node("first", NodeKind.USER, "一", CandidateRule("p.q.r")),
        Node("second", NodeKind.USER, "二", CandidateRule("p.q.r"), **user),  # type: ignore[arg-type]
        Node("yes", NodeKind.END, outcome="passed"),
        Node("no", NodeKind.END, outcome="refused"),
    ]
    flows = [
        Flow("start", "first"), Flow("first", "second"), Flow("second", "no", 'verb == "disagree"'),
        Flow("second", "yes"),
    ]  # fmt: skip
    return check("t.linear", "直线", nodes, flows)


def test_conditions_see_the_verb() -> None:
    moves = advance(linear(), [Token(UUID(int=1), "second")], Finished(UUID(int=1), Verb.DISAGREE))
    assert moves.ended
    assert moves.outcome == "refused"


def test_send_back_returns_to_the_named_node() -> None:
    definition = linear(verbs=(Verb.AGREE, Verb.SEND_BACK), back_to="first")
    moves = advance(definition, [Token(UUID(int=1), "second")], Finished(UUID(int=1), Verb.SEND_BACK))
    assert moves.placed == ("first",)
    assert not moves.ended


def test_a_spent_token_cannot_move_again() -> None:
    with pytest.raises(NoSuchToken):
        advance(linear(), [], Finished(UUID(int=1), Verb.AGREE))


def test_a_message_nobody_waits_for_moves_nothing() -> None:
    moves = advance(linear(), [Token(UUID(int=1), "first")], Received("paid"))
    assert (moves.consumed, moves.placed, moves.ended) == ((), (), False)


def parallel() -> Definition:
    nodes = [
        Node("start", NodeKind.START), Node("split", NodeKind.FORK), Node("meet", NodeKind.JOIN),
        Node("a", NodeKind.USER, "a", CandidateRule("p.q.r")), Node("b", NodeKind.USER, "b", CandidateRule("p.q.r")),
        Node("end", NodeKind.END, outcome="done"),
    ]  # fmt: skip
    pairs = [("start", "split"), ("split", "a"), ("split", "b"), ("a", "meet"), ("b", "meet"), ("meet", "end")]
    return check("t.parallel", "并行", nodes, [Flow(*pair) for pair in pairs])


def test_a_join_fires_once_when_all_branches_are_there() -> None:
    definition = parallel()
    one, two, three = (UUID(int=number) for number in (1, 2, 3))
    first = advance(definition, [Token(one, "a"), Token(two, "b")], Finished(one, Verb.AGREE))
    assert first.placed == ("meet",)
    second = advance(definition, [Token(two, "b"), Token(three, "meet")], Finished(two, Verb.AGREE))
    assert set(second.consumed) == {two, three}
    assert second.ended
    assert second.outcome == "done"


USER = CandidateRule("p.q.r")


@pytest.mark.parametrize(
    ("nodes", "flows", "where"),
    [
        ([Node("s", NodeKind.START), Node("x", NodeKind.XOR), Node("e", NodeKind.END)],
         [Flow("s", "x"), Flow("x", "x", "choice"), Flow("x", "e")], "x"),
        ([Node("s", NodeKind.START), Node("e", NodeKind.END), Node("f", NodeKind.END)],
         [Flow("s", "e")], "f"),
        ([Node("s", NodeKind.START), Node("f", NodeKind.FORK), Node("e", NodeKind.END), Node("g", NodeKind.END)],
         [Flow("s", "f"), Flow("f", "e"), Flow("f", "g")], "e"),
        ([Node("s", NodeKind.START), Node("u", NodeKind.USER, candidate=USER), Node("e", NodeKind.END)],
         [Flow("s", "u"), Flow("u", "e", 'verb == "agree"')], "u"),
        ([Node("s", NodeKind.START), Node("u", NodeKind.USER, candidate=USER), Node("e", NodeKind.END)],
         [Flow("s", "u"), Flow("u", "e", "unknown > 1"), Flow("u", "e")], "u → e"),
        ([Node("s", NodeKind.START), Node("u", NodeKind.USER), Node("e", NodeKind.END)],
         [Flow("s", "u"), Flow("u", "e")], "u"),
        ([Node("s", NodeKind.START), Node("j", NodeKind.JOIN), Node("e", NodeKind.END)],
         [Flow("s", "j"), Flow("j", "e")], "j"),
        ([Node("s", NodeKind.START), Node("e", NodeKind.END)], [Flow("s", "nowhere")], "s → nowhere"),
        ([Node("s", NodeKind.START), Node("r", NodeKind.RECEIVE), Node("e", NodeKind.END)],
         [Flow("s", "r"), Flow("r", "e")], "r"),
    ],
)  # fmt: skip
def test_unsound_definitions_are_refused_by_name(nodes: list[Node], flows: list[Flow], where: str) -> None:
    with pytest.raises(DefinitionFault) as caught:
        check("t", "t", nodes, flows, frozenset({"choice"}))
    assert caught.value.where == where


def test_branches_must_not_cross() -> None:
    definition = parallel()
    nodes = [*definition.nodes.values(), Node("x", NodeKind.XOR)]
    flows = [flow for flow in definition.flows if flow.source != "a"]
    flows += [Flow("a", "x"), Flow("x", "b", "choice"), Flow("x", "meet")]
    with pytest.raises(DefinitionFault, match="并行分支"):
        check("t", "t", nodes, flows, frozenset({"choice"}))

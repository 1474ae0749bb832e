"""The token game: what moves when something happens. Pure; ids of new tokens are given by the caller.

    advance(definition, tokens, Finished(token, verb, variables)) -> Moves

Owns the meaning of every node kind. Refuses clocks, candidates and storage. For a checked definition no token is lost
or doubled, a join fires once for each firing of its fork, and every run ends or waits.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from onecity.hubs.process.contracts import Verb
from onecity.hubs.process.rules.definitions import Definition, NodeKind
from onecity.hubs.process.rules.expressions import holds, parse


@dataclass(frozen=True, slots=True)
class Token:
    """One live token standing at a node."""

    id: UUID
    node: str


@dataclass(frozen=True, slots=True)
class Started:
    """The process begins."""

    variables: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finished:
    """A person has completed the item of one token."""

    token: UUID
    verb: Verb
    variables: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Received:
    """A message has come; every token waiting for it moves."""

    message: str
    variables: Mapping[str, object] = field(default_factory=dict)


Event = Started | Finished | Received


@dataclass(frozen=True, slots=True)
class Moves:
    """What to write: tokens used up, nodes where new ones stand, services passed, the outcome if all ended."""

    consumed: tuple[UUID, ...] = ()
    placed: tuple[str, ...] = ()
    entered: tuple[str, ...] = ()
    ended: bool = False
    outcome: str = ""


class NoSuchToken(ValueError):
    """The event names a token that is not live: it was moved before."""


class _Board:
    """The state of one `advance`: arrivals still to be worked off and what they have led to."""

    def __init__(self, definition: Definition, tokens: Sequence[Token], variables: Mapping[str, object]) -> None:
        self.definition = definition
        self.live = {token.id: token.node for token in tokens}
        self.variables = variables
        self.consumed: list[UUID] = []
        self.placed: list[str] = []
        self.entered: list[str] = []
        self.outcome = ""
        self.queue: deque[str] = deque()

    def consume(self, token: UUID) -> None:
        del self.live[token]
        self.consumed.append(token)

    def leave(self, node: str) -> None:
        """Send a token on from a node: along all flows of a fork, else along the first whose condition holds."""
        flows = self.definition.outgoing[node]
        if self.definition.nodes[node].kind is NodeKind.FORK:
            self.queue.extend(flow.target for flow in flows)
            return
        taken = next(flow for flow in flows if not flow.when or holds(parse(flow.when), self.variables))
        self.queue.append(taken.target)

    def arrive(self, node: str) -> None:
        found = self.definition.nodes[node]
        if found.kind is NodeKind.END:
            self.outcome = found.outcome or found.id
        elif found.kind is NodeKind.JOIN:
            self.meet(node)
        elif found.kind is NodeKind.SERVICE:
            self.entered.append(node)
            if found.message:
                self.placed.append(node)
            else:
                self.leave(node)
        elif self.definition.waits_at(node):
            self.placed.append(node)
        else:
            self.leave(node)

    def meet(self, join: str) -> None:
        """A token at a join rests until those of all branches are there; then all become one."""
        resting = [token for token, node in self.live.items() if node == join]
        fresh = self.placed.count(join)
        if len(resting) + fresh + 1 < self.definition.gathers[join]:
            self.placed.append(join)
            return
        for token in resting:
            self.consume(token)
        self.placed = [node for node in self.placed if node != join]
        self.leave(join)

    def play(self) -> Moves:
        while self.queue:
            self.arrive(self.queue.popleft())
        ended = not self.live and not self.placed
        return Moves(
            tuple(self.consumed), tuple(self.placed), tuple(self.entered), ended, self.outcome if ended else ""
        )


def advance(definition: Definition, tokens: Sequence[Token], event: Event) -> Moves:
    """Play one event. `event.variables` are all variables of the instance after the event.

    Raises NoSuchToken when the finished token is not live. A message nobody waits for moves nothing.
    """
    match event:
        case Started(variables):
            board = _Board(definition, tokens, variables)
            board.leave(definition.start)
        case Finished(token, verb, variables):
            board = _finish(definition, tokens, token, verb, variables)
        case Received(message, variables):
            board = _Board(definition, tokens, variables)
            for waiting in tokens:
                if message and definition.nodes[waiting.node].message == message:
                    board.consume(waiting.id)
                    board.leave(waiting.node)
    return board.play()


def _finish(
    definition: Definition, tokens: Sequence[Token], token: UUID, verb: Verb, variables: Mapping[str, object]
) -> _Board:
    board = _Board(definition, tokens, {**variables, "verb": verb.value})
    node = board.live.get(token)
    if node is None:
        raise NoSuchToken(str(token))
    board.consume(token)
    back = definition.nodes[node].back_to if verb is Verb.SEND_BACK else ""
    if back:
        board.arrive(back)
    else:
        board.leave(node)
    return board

"""Carries the token game into rows: one `Run` per verb, all its writes at the end in a handful of statements.

Owns the translation of `Moves` into token rows, items, steps and events. Refuses to decide anything the rules decide.
"""

from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID

from onecity.hubs.identity import api as identity
from onecity.hubs.process.contracts import InstanceState, ItemState, Limit
from onecity.hubs.process.errors import CalendarMissingError
from onecity.hubs.process.events import InstanceEnded, NodeEntered, WorkItemOpened
from onecity.hubs.process.models import Instance, TokenRow, WorkItem
from onecity.hubs.process.models.kept_definition import pinned
from onecity.hubs.process.rules import tokens as game
from onecity.hubs.process.rules.definitions import CandidateRule, Definition, NodeKind
from onecity.hubs.process.services import clock_item
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.events import publish

_CODE_LENGTH = 18
_SUMMARY_LENGTH = 300
_RULE_LENGTH = 200


class Run:
    """One verb's effect on one locked instance. `play` as often as needed, then `save` once."""

    def __init__(self, actor: Actor, instance: Instance, *, origin: UUID | None = None, fresh: bool = False) -> None:
        self.actor = actor
        self.instance = instance
        self.origin = origin
        self.definition: Definition = pinned(instance.definition_id).definition
        self.kept = [] if fresh else list(TokenRow.objects.filter(instance=instance, spent_at=None))
        self.fresh: list[TokenRow] = []
        self.spent: list[UUID] = []
        self.entered: list[str] = []
        self.items: list[WorkItem] = []
        self.is_new = fresh

    def live(self) -> list[game.Token]:
        """Tokens that stand somewhere now."""
        return [game.Token(row.id, row.node) for row in (*self.kept, *self.fresh) if row.spent_at is None]

    def waiting(self) -> tuple[str, ...]:
        """Where tokens stand."""
        return tuple(token.node for token in self.live())

    def play(self, event: game.Event) -> bool:
        """Play one event, then messages that had come early; True when something moved."""
        moved = self._apply(game.advance(self.definition, self.live(), event))
        while moved and (message := self._early_message()):
            self.merge(self.instance.early.pop(message))
            self._apply(game.advance(self.definition, self.live(), game.Received(message, self.instance.variables)))
        return moved

    def merge(self, variables: Mapping[str, object]) -> None:
        """Add variables; later ones win."""
        self.instance.variables = {**self.instance.variables, **variables}

    def spend(self, token: UUID) -> None:
        """Take one token off the board."""
        moment = now()
        for row in (*self.kept, *self.fresh):
            if row.id == token:
                row.spent_at = moment
        self.spent.append(token)

    def place(self, node: str) -> TokenRow:
        """Put one token on the board; at a user node its item is opened when the run is saved."""
        row = TokenRow(instance=self.instance, node=node, origin=self.origin, placed_at=now())
        self.fresh.append(row)
        return row

    def _early_message(self) -> str:
        waiting = {self.definition.nodes[token.node].message for token in self.live()}
        return next((message for message in self.instance.early if message in waiting), "")

    def _apply(self, moves: game.Moves) -> bool:
        for token in moves.consumed:
            self.spend(token)
        for node in moves.placed:
            self.place(node)
        self.entered.extend(moves.entered)
        if moves.ended:
            self.instance.state = InstanceState.ENDED
            self.instance.outcome = moves.outcome
            self.instance.ended_at = now()
        return bool(moves.consumed or moves.placed or moves.ended)

    def save(self) -> list[WorkItem]:
        """Write instance, tokens, items and events; returns the opened items."""
        if self.is_new:
            self.instance.save(force_insert=True)
        else:
            self.instance.version += 1
            self.instance.save(update_fields=["variables", "early", "state", "outcome", "ended_at", "version"])
        kept = [row.id for row in self.kept if row.spent_at is not None]
        if kept:
            TokenRow.objects.filter(pk__in=kept).update(spent_at=now())
        if self.entered:
            self._seal()
        TokenRow.objects.bulk_create(self.fresh)
        self.items = [self._item(row) for row in self.fresh if row.spent_at is None and self._is_user(row.node)]
        WorkItem.objects.bulk_create(self.items)
        self._announce()
        return self.items

    def _seal(self) -> None:
        """A hub has been told: what it does cannot be taken back, so these tokens belong to no item's withdrawal."""
        for row in self.fresh:
            row.origin = None

    def _is_user(self, node: str) -> bool:
        return self.definition.nodes[node].kind is NodeKind.USER

    def _announce(self) -> None:
        instance, key = self.instance, str(self.instance.matter_id)
        for item in self.items:
            publish(self.actor, opened(item), key=key)
        for node in self.entered:
            entered = NodeEntered(
                instance.id, instance.key, node, instance.matter_kind, instance.matter_id, instance.variables
            )
            publish(self.actor, entered, key=key)
        if instance.state == InstanceState.ENDED:
            ended = InstanceEnded(instance.id, instance.key, instance.matter_kind, instance.matter_id, instance.outcome)
            publish(self.actor, ended, key=key)

    def _item(self, token: TokenRow) -> WorkItem:
        instance, node = self.instance, self.definition.nodes[token.node]
        candidate = node.candidate or CandidateRule("")
        item = WorkItem(
            instance=instance,
            token_id=token.id,
            definition=instance.key,
            definition_name=self.definition.name,
            node=node.id,
            node_name=node.name or node.id,
            matter_kind=instance.matter_kind,
            matter_id=instance.matter_id,
            matter_number=instance.matter_number,
            matter_title=instance.matter_title,
            matter_link=instance.matter_link,
            permission=candidate.permission,
            organisation=_organisation(candidate.organisation, instance),
            area=_resolved(candidate.area, instance, instance.area),
            initiator_id=instance.started_by,
            verbs=[verb.value for verb in node.verbs],
            state=ItemState.OPEN,
        )
        describe(item, instance.variables)
        set_clock(item, node.limit)
        return item


def describe(item: WorkItem, variables: Mapping[str, object]) -> None:
    """Fill the item's lines from the reserved variables `summary`, `reason` and `rule`."""
    item.summary = str(variables.get("summary") or item.matter_title)[:_SUMMARY_LENGTH]
    item.reason = str(variables.get("reason") or "")
    item.rule = str(variables.get("rule") or "")[:_RULE_LENGTH]


def set_clock(item: WorkItem, limit: Limit | None) -> None:
    """Start the item's clock now. Without rows of a year it needs, the end stays open until they are imported."""
    item.received_at = now()
    if limit is not None:
        item.limit_amount, item.limit_unit = limit.amount, limit.unit
        try:
            item.due_at = clock_item.deadline(item.received_at, limit)
            item.warn_at = clock_item.warning(item.received_at, limit)
        except CalendarMissingError:
            item.due_at = item.warn_at = None


def opened(item: WorkItem) -> WorkItemOpened:
    """The event that an item was opened."""
    return WorkItemOpened(
        item.id,
        item.definition,
        item.node,
        item.node_name,
        item.matter_kind,
        item.matter_id,
        item.organisation,
        item.area,
    )


def _resolved(rule: str, instance: Instance, own: str) -> str:
    if rule == "@instance":
        return own
    if rule == "@any":
        return ""
    if rule.startswith("@var:"):
        return str(instance.variables.get(rule.removeprefix("@var:")) or "")
    return rule


def _organisation(rule: str, instance: Instance) -> str:
    found = _resolved(rule, instance, instance.organisation)
    return found if not found or len(found) == _CODE_LENGTH else _code_of(found)


@lru_cache(maxsize=256)
def _code_of(key: str) -> str:
    return identity.organisation_by_key(key).code

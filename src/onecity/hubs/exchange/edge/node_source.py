"""Another instance of this platform as a live source: our call becomes a signed call at its gateway, proven there too.

Owns one machine's session there. Refuses a question without the bare number: references of persons are keyed per city.
"""

import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx

from onecity.hubs.exchange.edge.client import GatewayClient, GatewayProblem
from onecity.hubs.exchange.errors import SourceGarbage, SourceUnavailable
from onecity.hubs.exchange.ports import SourceAnswer, SourceQuery
from onecity.kernel.crypto import Signer

__all__ = ["NodeSource", "answer_of", "refusal_of"]

_ENDED = ("node", "session", "expired")


class NodeSource:
    """One interface of the other node. Thread-safe: calls take turns over one session."""

    def __init__(
        self, address: str, client: str, signer: Signer, *, interface: str, purpose: str, timeout: float = 6.0
    ) -> None:  # fmt: skip
        self._gateway = GatewayClient(address, client, signer, timeout=timeout)
        self._interface, self._purpose = interface, purpose
        self._turn = threading.Lock()

    def answer(self, query: SourceQuery) -> SourceAnswer:
        """Ask once; a session the other side no longer knows is opened anew. Raises SourceUnavailable, SourceGarbage."""
        if not query.number:
            raise SourceUnavailable(text="向上级节点查询须提供证件号码", data={"reason": "number"})
        try:
            with self._turn:
                content = self._ask(query)
        except GatewayProblem as problem:
            raise refusal_of(problem) from problem
        except httpx.HTTPError as error:
            raise SourceUnavailable(data={"reason": type(error).__name__}) from error
        except (ValueError, KeyError, TypeError) as error:
            raise SourceGarbage(data={"reason": type(error).__name__}) from error
        return answer_of(content)

    def _ask(self, query: SourceQuery) -> dict[str, Any]:
        wish: dict[str, Any] = {
            "number": query.number, "fields": query.fields, "purpose": self._purpose, "matter": query.matter,
            "person": query.person,
        }  # fmt: skip
        try:
            return self._gateway.call(self._interface, **wish)
        except GatewayProblem as problem:
            if problem.problem.get("reason") not in _ENDED:
                raise
            self._gateway.open_session()
            return self._gateway.call(self._interface, **wish)

    def close(self) -> None:
        """Give the connection back."""
        self._gateway.__exit__()


def refusal_of(problem: GatewayProblem) -> SourceUnavailable:
    """A refusal there, with its proof's number and the hour it is expected again."""
    told = {"reason": problem.code, "proof_there": str(problem.problem.get("proof_id", ""))}
    if isinstance(problem.problem.get("expected_at"), str):
        told["expected_at"] = problem.problem["expected_at"]
    if problem.status == httpx.codes.TOO_MANY_REQUESTS:
        return SourceUnavailable(text="上级平台当日调用额度已用完", data={**told, "reason": "quota"})
    return SourceUnavailable(text=f"上级节点未提供：{problem.problem.get('title', problem.status)}", data=told)


def answer_of(content: Mapping[str, Any]) -> SourceAnswer:
    """Rows as text and their time. Raises SourceGarbage."""
    try:
        rows = tuple({str(name): str(value) for name, value in row.items()} for row in content["rows"])
        as_of = datetime.fromisoformat(content["as_of"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceGarbage(data={"reason": type(error).__name__}) from error
    if as_of.tzinfo is None:
        raise SourceGarbage(data={"reason": "as_of"})
    return SourceAnswer(rows, as_of)

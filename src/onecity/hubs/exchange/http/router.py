"""Routes of the exchange: one's own accesses with proof, one's consents, the public key. Parse, call the api, present."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from onecity.hubs.exchange import api
from onecity.hubs.exchange.http.nodes import router as nodes
from onecity.kernel.actor import Actor
from onecity.kernel.errors import Unauthenticated
from onecity.kernel.paging import PageRequest

__all__ = ["router"]

router = Router()
router.add_router("/node", nodes)


class Problem(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    code: str


class AccessOut(Schema):
    """One access to the caller's data."""

    at: datetime
    organisation_name: str
    who: str
    interface_name: str
    fields: list[str]
    purpose: str
    matter: str
    basis: str
    legal_basis: str
    rows: int
    outcome: str
    outcome_text: str
    kind: str
    proof_id: UUID | None
    chain: str
    seq: int


class AccessPage(Schema):
    """A page of accesses."""

    items: list[AccessOut]
    total: int
    number: int
    size: int


class ConsentOut(Schema):
    """One consent of the caller."""

    id: UUID
    interfaces: list[str]
    purpose: str
    matter: str
    given_at: datetime
    until: datetime
    state: str


class KeyOut(Schema):
    """The key that verifies every proof."""

    pem: str


_REFUSALS = {401: Problem, 403: Problem, 404: Problem, 422: Problem}


def _person(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.subject:
        raise Unauthenticated()
    return actor


@router.get("/accesses", response={200: AccessPage, **_REFUSALS}, summary="谁用过我的数据")
def accesses(request: HttpRequest, page: int = 1, size: int = 20) -> Any:
    """Accesses to the caller's own data, newest first."""
    actor = _person(request)
    wanted = PageRequest.parse(str(page), str(size))
    return api.accesses_of(actor, actor.behalf or actor.subject, wanted)


@router.get("/accesses/{proof_id}/proof", response={200: dict[str, Any], **_REFUSALS}, summary="下载存证")
def proof(request: HttpRequest, proof_id: UUID) -> Any:
    """The stand-alone proof of one access; verifies offline with the public key."""
    return api.proof_bundle(_person(request), proof_id)


@router.get("/consents", response={200: list[ConsentOut], **_REFUSALS}, summary="我的授权")
def consents(request: HttpRequest) -> Any:
    """The caller's consents, newest first."""
    actor = _person(request)
    return api.consents_of(actor, actor.subject)


@router.post("/consents/{consent_id}/withdraw", response={200: ConsentOut, **_REFUSALS}, summary="撤回授权")
def withdraw(request: HttpRequest, consent_id: UUID) -> Any:
    """The next call under it is refused."""
    return api.withdraw_consent(_person(request), consent_id=consent_id)


@router.get("/public-key", response={200: KeyOut}, summary="存证公钥")
def public_key(request: HttpRequest) -> Any:
    """The PEM that verifies every root of the proof log."""
    return {"pem": api.public_key()}

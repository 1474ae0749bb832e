"""Checking for machines: a shown or printed certificate, a PDF, keys and states for gates without network."""

from typing import Any

from django.http import HttpRequest
from ninja import File, Router
from ninja.files import UploadedFile

from onecity.hubs.credential import api
from onecity.hubs.credential.http.schemas import CheckOut, VerifyIn
from onecity.kernel.actor import Actor
from onecity.kernel.errors import Invalid

__all__ = ["router"]

router = Router()


@router.post("/verify", response=CheckOut, operation_id="credential_verify", summary="Check a certificate by its code")
def verify(request: HttpRequest, body: VerifyIn) -> CheckOut:
    """A printed code is judged by signature, state and dates; a shown code is redeemed once, for the stated purpose."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if bool(body.payload) is bool(body.token):
        raise Invalid("credential.one_code", "请提供 payload 或 token 中的一个", hint="纸面码用payload，亮证码用token")
    if body.payload:
        return CheckOut.of(api.verify_payload(body.payload))
    shown = api.check_shown(body.token, actor, body.purpose, scenario=body.scenario, fields=body.fields)
    return CheckOut.of(shown)


@router.post(
    "/verify/pdf", response=CheckOut, operation_id="credential_verify_pdf", summary="Check a certificate's PDF"
)
def verify_pdf(request: HttpRequest, file: File[UploadedFile]) -> CheckOut:
    """The seal over the whole file first, then the state. At most 10 MB."""
    return CheckOut.of(api.verify_pdf(file.read()))


@router.get("/keys", operation_id="credential_keys", summary="Public keys of all issuers")
def keys(request: HttpRequest) -> dict[str, Any]:
    """A JSON Web Key Set; a gate keeps it and checks printed codes without network."""
    return api.public_keys()


@router.get(
    "/status/{issuer}", operation_id="credential_status", summary="Certificates of an issuer that are not valid"
)
def status(request: HttpRequest, issuer: str) -> dict[str, Any]:
    """Digest of the identifier → state, with the time of the list."""
    return api.status_list(issuer)

"""Where front machines send their batches. Nobody logs in here: every piece carries the machine's own signature."""

import base64
import binascii
from typing import Any

from django.http import HttpRequest
from ninja import Header, Router, Schema

from onecity.hubs.catalog import api
from onecity.hubs.catalog.errors import BatchNotTaken

__all__ = ["router"]

router = Router()


class Problem(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    code: str


class Taken(Schema):
    """How many bytes of the batch lie here, and whether it was taken in whole."""

    offset: int
    taken: bool


_REFUSALS = {404: Problem, 413: Problem, 422: Problem, 503: Problem}


@router.get("/{name}/batches/{sequence}", response={200: Taken, **_REFUSALS}, summary="续传位置")
def offset(request: HttpRequest, name: str, sequence: int) -> Any:
    """Where to go on with a batch."""
    found, taken = api.batch_offset(name[:60].replace("\x00", ""), min(max(sequence, 0), 2**62))
    return {"offset": found, "taken": taken}


@router.put("/{name}/batches/{sequence}", response={200: Taken, **_REFUSALS}, summary="上送一段批次")
def piece(
    request: HttpRequest, name: str, sequence: int, x_onecity_offset: int = Header(...), x_onecity_size: int = Header(...),
    x_onecity_signature: str = Header(...),
) -> Any:  # fmt: skip
    """Append one signed piece; the last one has the batch taken in."""
    try:
        signature = base64.b64decode(x_onecity_signature, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BatchNotTaken(text="签名不是 Base64") from error
    found, taken = api.take_piece(
        name[:60].replace("\x00", ""), sequence=min(max(sequence, 0), 2**62), offset=x_onecity_offset, size=x_onecity_size,
        piece=request.body, signature=signature,
    )  # fmt: skip
    return {"offset": found, "taken": taken}

"""Routes under /api/v1/service/. Parse, call the api, present; errors are mapped in `kernel.problems`."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from onecity.hubs.registers import api as registers
from onecity.hubs.service import api
from onecity.hubs.service.contracts import RatingLevel
from onecity.hubs.service.http.schemas import (
    ApplicationOut,
    BundleOut,
    DisputeIn,
    GuideIn,
    GuideOut,
    OpenIn,
    Problem,
    RateIn,
    RowOut,
    SubmitIn,
    WardOut,
    application_out,
    bundle_out,
    guide_out,
    row_out,
)
from onecity.kernel.actor import Actor
from onecity.kernel.errors import Unauthenticated
from onecity.kernel.subject import SubjectRef

__all__ = ["router"]

router = Router()

REFUSALS = dict.fromkeys((401, 403, 404, 409, 422, 503), Problem)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.account_id is None:
        raise Unauthenticated()
    return actor


@router.get("/bundles", response={200: list[BundleOut]}, summary="All 一件事 in force")
def bundles(request: HttpRequest) -> list[BundleOut]:
    """Public."""
    return [bundle_out(view) for view in api.bundles()]


@router.post("/bundles/{bundle}/guide", response={200: GuideOut, 404: Problem, 422: Problem}, summary="Do I qualify?")
def guide(request: HttpRequest, bundle: str, body: GuideIn) -> GuideOut:
    """Public: the next question, or what follows from the answers. Reads nothing about a person."""
    return guide_out(api.guide(bundle, body.answers, body.area))


@router.get("/wards", response={200: list[WardOut], 401: Problem}, summary="For whom I may apply")
def wards(request: HttpRequest) -> list[WardOut]:
    """The children the population register records under the caller's guardianship, youngest first."""
    actor = _actor(request)
    found = registers.children_of(actor, actor.subject) if actor.subject else []
    return [WardOut(subject=str(c.subject), name=c.name_masked, birth_date=c.birth_date) for c in found]


@router.get("/applications", response={200: list[RowOut], 401: Problem}, summary="My applications")
def mine(request: HttpRequest) -> list[RowOut]:
    """Newest first."""
    return [row_out(view) for view in api.my_applications(_actor(request))]


@router.post("/applications", response={201: ApplicationOut, **REFUSALS}, summary="Open an application")
def open_application(request: HttpRequest, body: OpenIn) -> tuple[int, ApplicationOut]:
    """Opens the draft, records the authorisation and starts fetching."""
    view = api.open_application(
        _actor(request), bundle=body.bundle, behalf=SubjectRef(body.behalf), answers=body.answers, consented=body.consented,
        consent_until=body.consent_until, idempotency_key=body.idempotency_key,
    )  # fmt: skip
    return 201, application_out(view)


@router.get("/applications/{application_id}", response={200: ApplicationOut, **REFUSALS}, summary="One application")
def application(request: HttpRequest, application_id: UUID) -> ApplicationOut:
    """Masked."""
    return application_out(api.application(_actor(request), application_id))


@router.post(
    "/applications/{application_id}/submit", response={200: ApplicationOut, **REFUSALS}, summary="Submit, once"
)
def submit(request: HttpRequest, application_id: UUID, body: SubmitIn) -> ApplicationOut:
    """A second submission with the same key returns the same answer."""
    view = api.submit(
        _actor(request), application_id=application_id, values=body.values, version=body.version,
        idempotency_key=body.idempotency_key,
    )  # fmt: skip
    return application_out(view)


@router.post(
    "/applications/{application_id}/withdraw-authorisation", response={200: ApplicationOut, **REFUSALS},
    summary="Take the authorisation back",
)  # fmt: skip
def withdraw_authorisation(request: HttpRequest, application_id: UUID) -> ApplicationOut:
    """The next call is refused; the case goes on with papers under the same number."""
    return application_out(api.withdraw_authorisation(_actor(request), application_id=application_id))


@router.post(
    "/applications/{application_id}/withdraw", response={200: ApplicationOut, **REFUSALS}, summary="Take it back"
)
def withdraw(request: HttpRequest, application_id: UUID) -> ApplicationOut:
    """Ends the application."""
    return application_out(api.withdraw(_actor(request), application_id=application_id))


@router.post(
    "/applications/{application_id}/disputes", response={200: ApplicationOut, **REFUSALS}, summary="A field is wrong"
)
def dispute(request: HttpRequest, application_id: UUID, body: DisputeIn) -> ApplicationOut:
    """Opens a correction at the department the value comes from."""
    view = api.dispute_field(
        _actor(request), application_id=application_id, field=body.field, claimed=body.claimed, reason=body.reason,
        idempotency_key=body.idempotency_key,
    )  # fmt: skip
    return application_out(view)


@router.post(
    "/applications/{application_id}/rating", response={200: ApplicationOut, **REFUSALS}, summary="好差评, once"
)
def rate(request: HttpRequest, application_id: UUID, body: RateIn) -> ApplicationOut:
    """After the end."""
    view = api.rate(
        _actor(request), application_id=application_id, level=RatingLevel(str(body.level)), comment=body.comment
    )
    return application_out(view)

"""/api/v1/identity: who am I, sign in, next step, sign out. For machines, benches and our own pages."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Status

from onecity.hubs.identity import api
from onecity.hubs.identity.contracts import OpenedSession
from onecity.hubs.identity.http.schemas import LoginIn, MeOut, PostOut, ProblemOut, SessionOut, StepIn
from onecity.kernel.errors import Invalid, Unauthenticated
from onecity.kernel.policy import built_in

__all__ = ["router"]

router = Router()
PROBLEMS: dict[int, type[ProblemOut]] = dict.fromkeys((401, 403, 404, 409, 422, 429), ProblemOut)


def _out(opened: OpenedSession) -> SessionOut:
    posts = [
        PostOut(
            id=post.id,
            organisation=post.organisation,
            organisation_name=post.organisation_name,
            title=post.title,
            area=post.area,
        )
        for post in opened.posts
    ]
    return SessionOut(
        token=opened.token,
        stage=str(opened.stage),
        expires_at=opened.expires_at,
        account_id=opened.account.id,
        posts=posts,
    )


@router.get("/me", response={200: MeOut, 401: ProblemOut}, summary="当前身份")
def me(request: HttpRequest) -> MeOut:
    """Who the caller is; 401 when nobody is signed in."""
    actor = request.actor  # type: ignore[attr-defined]
    sign_in = request.sign_in  # type: ignore[attr-defined]
    if actor.account_id is None:
        raise Unauthenticated()
    permissions = {grant.permission for grant in actor.grants} | built_in(actor.kind)
    return MeOut(
        kind=str(actor.kind),
        account_id=actor.account_id,
        name=actor.name,
        organisation=actor.organisation,
        organisation_name=actor.organisation_name,
        post=actor.post,
        area=actor.area,
        behalf=bool(actor.behalf),
        stage=str(sign_in.stage) if sign_in else "open",
        permissions=sorted(permissions),
    )


@router.post("/session", response={200: SessionOut, **PROBLEMS}, summary="登录")
def sign_in(request: HttpRequest, given: LoginIn) -> SessionOut:
    """Sign in with login and password; the answer may ask for another step."""
    origin = request.META.get("REMOTE_ADDR", "")
    return _out(api.log_in(login=given.login, password=given.password, origin=origin, post=given.post, kind=given.kind))


@router.post("/session/step", response={200: SessionOut, **PROBLEMS}, summary="登录下一步")
def next_step(request: HttpRequest, given: StepIn) -> SessionOut:
    """Show the second factor or choose the post. The answer's token replaces the one sent."""
    if given.code:
        return _out(api.confirm_code(_stored(request), code=given.code))
    if given.post is None:
        raise Invalid("identity.no_step", "没有填写验证码，也没有选择岗位", hint="请填写 code 或 post")
    return _out(api.choose_post(_stored(request), post_id=given.post))


@router.delete("/session", response={204: None, 401: ProblemOut, 403: ProblemOut}, summary="退出登录")
def sign_out(request: HttpRequest) -> Status[None]:
    """End the session of the token sent; ending nothing is no error."""
    api.log_out(request.actor, request.session)  # type: ignore[attr-defined]
    return Status(204, None)


def _stored(request: HttpRequest) -> Any:
    """The session in a fresh store: the advanced one is deleted, and the middleware must not save it again."""
    store = import_module(settings.SESSION_ENGINE).SessionStore(request.session.session_key)
    request.session = type(store)()
    return store

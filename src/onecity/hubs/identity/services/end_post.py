"""Leaving a post: the work goes to a named successor, or back to the pool; nobody's to-do list is orphaned."""

from uuid import UUID

from onecity.hubs.identity.contracts import Permission
from onecity.hubs.identity.errors import UnknownPost
from onecity.hubs.identity.events import PostEnded
from onecity.hubs.identity.models import Post
from onecity.hubs.identity.services.staleness import refresh_sessions
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import today
from onecity.kernel.events import publish
from onecity.kernel.policy import require

__all__ = ["end_post"]


def end_post(actor: Actor, *, post_id: UUID, successor_post: UUID | None = None, reason: str = "") -> None:
    """End a post today and hand its work over to the holder of `successor_post` (same organisation).

    Raises NotPermitted, UnknownPost.
    """
    require(actor, Permission.STAFF_EDIT)
    post = Post.objects.select_for_update().filter(Post.valid_on(today()), pk=post_id).first()
    if post is None:
        raise UnknownPost()
    heir = _heir(post, successor_post) if successor_post else None
    post.valid_to, post.successor = today(), heir.id if heir else None
    post.save(update_fields=["valid_to", "successor"])
    refresh_sessions([post.account_id])
    audit.record(
        actor, "identity.end_post", target="identity.post", target_id=post.id,
        data={"successor": str(heir.id) if heir else "", "reason": reason[:200]},
    )  # fmt: skip
    fact = PostEnded(
        post.id, post.account_id, post.organisation, heir.account_id if heir else None, heir.id if heir else None
    )
    publish(actor, fact, key=str(post.account_id))


def _heir(post: Post, successor_post: UUID) -> Post:
    found = Post.objects.filter(Post.valid_on(today()), pk=successor_post, organisation=post.organisation).exclude(
        pk=post.pk
    )
    heir = found.first()
    if heir is None:
        raise UnknownPost(text="交接对象不在本机构的在岗岗位中", hint="请选择同一机构的在岗岗位")
    return heir

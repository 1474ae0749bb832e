"""What waits for the three administrators, as numbers. Refuses: business figures."""

from datetime import timedelta

from django.db.models import Q

from onecity.hubs.identity.contracts import AdministratorFigures, Permission
from onecity.hubs.identity.models import Account, Organisation, Post
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.audit_reading import counted_since
from onecity.kernel.clock import today, wall_now
from onecity.kernel.policy import allows

__all__ = ["administrator_figures"]

NONE = -1


def administrator_figures(actor: Actor, /) -> AdministratorFigures:
    """Each number only for whom it concerns; -1 = not this actor's business. Acts are of the last 24 hours of real time."""
    people = Account.objects.filter(kind=ActorKind.STAFF, closed_at=None)
    held = Post.objects.filter(Post.valid_on(today()))
    staff, security = allows(actor, Permission.STAFF_EDIT), allows(actor, Permission.POST_AUTHORISE)
    acts, refused = (
        counted_since(wall_now() - timedelta(days=1)) if allows(actor, Permission.AUDIT_VIEW) else (NONE, NONE)
    )
    return AdministratorFigures(
        organisations=Organisation.objects.filter(Organisation.valid_on(today())).count() if staff else NONE,
        staff=people.count() if staff else NONE,
        first_passwords=people.filter(password_first=True).count() if staff else NONE,
        posts_without_role=held.filter(Q(roles=[])).count() if security else NONE,
        locked=people.filter(locked_until__gt=wall_now()).count() if security else NONE,
        acts=acts, refused=refused,
    )  # fmt: skip

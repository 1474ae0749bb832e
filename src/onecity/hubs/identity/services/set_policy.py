"""Change a security threshold: a new row from today on; the old one stays as history."""

from onecity.hubs.identity.contracts import Permission
from onecity.hubs.identity.errors import WrongPolicy
from onecity.hubs.identity.models import SecurityPolicy
from onecity.hubs.identity.rules.policy import policy_faults
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now
from onecity.kernel.policy import require

__all__ = ["set_policy"]


def set_policy(actor: Actor, *, key: str, value: int, source: str) -> None:
    """Set one threshold within its bounds. Raises NotPermitted, WrongPolicy."""
    require(actor, Permission.SECURITY_EDIT)
    if faults := policy_faults(key, value, source):
        raise WrongPolicy(hint="；".join(faults), data={"reasons": list(faults)})
    day = wall_now().date()
    SecurityPolicy.objects.update_or_create(key=key, valid_from=day, defaults={"value": value, "source": source[:200]})
    audit.record(
        actor, "identity.set_policy", target="identity.policy", target_id=key, data={"value": value, "source": source}
    )

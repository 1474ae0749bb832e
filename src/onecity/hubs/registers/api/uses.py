"""The front door of typical uses: what they are, run one, and judge credit for lists a pack obtained under its own grants."""

from collections.abc import Mapping, Sequence

from onecity.hubs.identity import api as identity
from onecity.hubs.registers.contracts import CreditVerdict, Permission
from onecity.hubs.registers.contracts.uses import UseReport
from onecity.hubs.registers.errors import EntityNotFound
from onecity.hubs.registers.ports import TypicalUse, registered_uses
from onecity.hubs.registers.queries.credit import judge_lists
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.policy import require, scopes
from onecity.kernel.subject import SubjectRef

__all__ = ["judge_credit", "run_use", "uses"]


def uses(actor: Actor, /) -> tuple[TypicalUse, ...]:
    """Typical uses the actor's organisation may run; those of others are named to the keeper of the registers too."""
    require(actor, Permission.USE)
    held = {scope.organisation for scope in scopes(actor, Permission.USE)}
    if "" in held:
        return registered_uses()
    return tuple(one for one in registered_uses() if identity.organisation_by_key(one.consumer).code in held)


def run_use(actor: Actor, /, *, key: str) -> UseReport:
    """Run one under the grants of its consumer, which must be the actor's organisation. Not inside a transaction.

    Raises NotPermitted, EntityNotFound (no such use), and what the exchange refuses.
    """
    require(actor, Permission.USE)
    use = next((one for one in registered_uses() if one.key == key), None)
    if use is None:
        raise EntityNotFound(text="没有这个典型应用", data={"use": key})
    consumer = identity.organisation_by_key(use.consumer)
    # A use lies in no area: an officer whose post covers a part of the city runs the whole organisation's.
    if not any(scope.organisation in ("", consumer.code) for scope in scopes(actor, Permission.USE)):
        require(actor, Permission.USE, organisation=consumer.code, area="-")
    report = use.run(Actor.system("registers", actor))
    audit.record(
        actor, "registers.run_use", target="registers.use", target_id=key,
        data={"rows": len(report.rows), "proofs": [str(one.proof_id) for one in report.proofs]},
    )  # fmt: skip
    return report


def judge_credit(
    actor: Actor, /, *, matter: str, lists: Mapping[SubjectRef, tuple[Sequence[str], Sequence[str]]]
) -> dict[SubjectRef, CreditVerdict]:
    """Apply the rule book to (black, red) list keys a caller obtained under its own grants. Reads no register."""
    require(actor, Permission.CREDIT)
    return judge_lists(matter, lists)

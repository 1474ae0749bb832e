"""The life of a resource as a table one can read aloud. Refuses every step that is not in it."""

from onecity.hubs.catalog.contracts import Lifecycle

__all__ = ["STEPS", "next_state"]

STEPS: dict[tuple[Lifecycle, str], Lifecycle] = {
    (Lifecycle.DRAFT, "review"): Lifecycle.REVIEWED,
    (Lifecycle.REVIEWED, "publish"): Lifecycle.PUBLISHED,
    (Lifecycle.REVIEWED, "return"): Lifecycle.DRAFT,
    (Lifecycle.PUBLISHED, "withdraw"): Lifecycle.WITHDRAWN,
    (Lifecycle.PUBLISHED, "revise"): Lifecycle.DRAFT,
    (Lifecycle.WITHDRAWN, "revise"): Lifecycle.DRAFT,
}


def next_state(state: Lifecycle, step: str) -> Lifecycle | None:
    """Where `step` leads from `state`; None = there is no such step."""
    return STEPS.get((state, step))

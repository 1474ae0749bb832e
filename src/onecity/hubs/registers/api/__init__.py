"""The front door of the registers, one file per register. Each verb: permission → change → audit → event, one transaction."""

from onecity.hubs.registers.api.population import (
    children_of,
    count_persons,
    guardians_of,
    is_guardian,
    load_population,
    person,
)

__all__ = ["children_of", "count_persons", "guardians_of", "is_guardian", "load_population", "person"]

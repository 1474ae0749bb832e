"""Tables of the registers. Private to the hub."""

from onecity.hubs.registers.models.population import Guardianship, Person

__all__ = ["Guardianship", "Person"]

"""What may leave the registers: frozen values, one file per register. Owns no behaviour. Refuses numbers."""

from onecity.hubs.registers.contracts.population import GuardianView, LoadReport, Permission, PersonView

__all__ = ["GuardianView", "LoadReport", "Permission", "PersonView"]

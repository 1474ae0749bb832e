"""Pure decisions of the exchange, shared by web, worker and gateway: no Django, no clock, no I/O."""

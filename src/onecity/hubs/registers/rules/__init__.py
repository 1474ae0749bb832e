"""Pure decisions of the registers."""

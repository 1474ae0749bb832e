"""Pure decisions of the process hub: the token game, its conditions, and the legal clocks. No clock, no database."""

"""Pure decisions: who qualifies, in which class, in which order, for which school. No Django, no clock, no I/O."""

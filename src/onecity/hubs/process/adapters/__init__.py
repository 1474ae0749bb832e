"""What stands outside the hub's own tables: the shipped holiday notices and the decision engine."""

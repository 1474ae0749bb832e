"""Pure decisions of the catalogue: what an entry must say, which steps exist, which rows are good."""

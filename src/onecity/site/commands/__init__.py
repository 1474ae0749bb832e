"""One file per group of commands. Each command reads options, calls one function, prints its result."""

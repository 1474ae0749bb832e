"""Pure decisions of open data: what may leave, how it is asked for, how it is written."""
